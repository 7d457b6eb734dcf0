import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import type { LabelClass } from "../../api/types";
import { moveTo } from "../../lib/class-list";
import { countTaken } from "../../lib/shown-alone";
import classes from "./class-list.module.css";
import { ClassRow } from "./class-row";
import { useProject } from "./project-context";
import type { ClassEdits } from "./use-class-edits";

const ROW_PX = 34;
const ROWS_BEYOND_VIEW = 6;

export interface ClassListProps {
  shown: readonly LabelClass[];
  /** Position that Enter would take; null while nobody types. */
  marked: number | null;
  mayOrder: boolean;
  threshold: number;
  edits: ClassEdits;
  onAssign: (classId: number) => void;
}

/** The classes, drawn as far as they are in view; they are put in order by dragging or Alt and the arrow keys. */
export function ClassList({ shown, marked, mayOrder, threshold, edits, onAssign }: ClassListProps) {
  const { session } = useProject();
  const counts = useStore(session.sync.labels, (state) => state.counts);
  const labels = useStore(session.sync.labels, (state) => state.shown);
  const data = useStore(session.map, (state) => state.data);
  const taken = useMemo(() => countTaken(data, labels), [data, labels]);
  const scroll = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const [target, setTarget] = useState<number | null>(null);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: ROWS_BEYOND_VIEW,
    getItemKey: (at) => shown[at].id,
  });
  useEffect(() => {
    if (marked !== null && marked < shown.length) rows.scrollToIndex(marked);
  }, [marked, shown.length, rows]);
  const ids = shown.map(({ id }) => id);
  const place = (classId: number, position: number) => edits.order(moveTo(ids, classId, position));

  return (
    <div ref={scroll} className={classes.scroll} data-testid="class-list">
      <ul className={classes.list} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index: at, key, start }) => {
          const entry = shown[at];
          return (
            <li
              key={key}
              className={classes.place}
              style={{ height: ROW_PX, transform: `translateY(${start}px)` }}
              data-marked={marked === at}
              data-target={dragged !== null && target === at && dragged !== entry.id}
              draggable={mayOrder}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = "move";
                event.dataTransfer.setData("text/plain", entry.name);
                setDragged(entry.id);
              }}
              onDragOver={(event) => {
                if (dragged === null) return;
                event.preventDefault();
                setTarget(at);
              }}
              onDragEnd={() => {
                setDragged(null);
                setTarget(null);
              }}
              onDrop={(event) => {
                if (dragged === null) return;
                event.preventDefault();
                event.stopPropagation();
                place(dragged, at);
                setDragged(null);
              }}
              data-testid={`class-row-${entry.name}`}
              data-class-id={entry.id}
            >
              <ClassRow
                entry={entry}
                count={counts.get(entry.id) ?? 0}
                taken={taken[entry.id] ?? 0}
                threshold={threshold}
                edits={edits}
                onAssign={onAssign}
                onMove={mayOrder ? (step) => place(entry.id, at + step) : undefined}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
