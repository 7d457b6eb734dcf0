import { useElementSize } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useId, useMemo, useRef } from "react";
import { useStore } from "zustand";
import { TILE_PX } from "../../state/grid";
import { useProject } from "./project-context";
import classes from "./selection-grid.module.css";
import { SelectionTile } from "./selection-tile";
import { useGridGestures } from "./use-grid-gestures";

const GAP_PX = 4;
const ROWS_BEYOND_VIEW = 3;

export interface SelectionGridProps {
  ordered: Uint32Array;
  isOut: (index: number) => boolean;
  /** Images marked as worth a look. */
  flagged: Uint32Array;
  /** False while the order may still change. */
  isSettled: boolean;
}

/**
 * The images of the selection, drawn as far as they are in view: the accessible twin of the map. A click takes an image
 * out or puts it back, a drag does so with all it crosses, Shift with all in between.
 */
export function SelectionGrid({ ordered, isOut, flagged, isSettled }: SelectionGridProps) {
  const { session } = useProject();
  const { tileSize, show } = useStore(session.grid);
  const scroll = useRef<HTMLDivElement>(null);
  const { ref: sizer, width } = useElementSize();
  const wantedPx = TILE_PX[tileSize] * (show === "both" ? 2 : 1);
  const numColumns = Math.max(1, Math.floor((width + GAP_PX) / (wantedPx + GAP_PX)));
  const tileWidth = width > 0 ? (width - GAP_PX * (numColumns - 1)) / numColumns : wantedPx;
  const tilePx = show === "both" ? tileWidth / 2 : tileWidth;
  const flags = useMemo(() => new Set(flagged), [flagged]);
  const id = useId();

  const rows = useVirtualizer({
    count: Math.ceil(ordered.length / numColumns),
    getScrollElement: () => scroll.current,
    estimateSize: () => tilePx + GAP_PX,
    overscan: ROWS_BEYOND_VIEW,
  });
  const measuredFor = useRef(tilePx);
  if (measuredFor.current !== tilePx) {
    measuredFor.current = tilePx;
    rows.measure();
  }
  const { active, handlers } = useGridGestures({
    ordered,
    isOut,
    numColumns,
    scrollTo: (position) => rows.scrollToIndex(Math.floor(position / numColumns), { align: "auto" }),
  });
  useEffect(() => {
    session.screen.setState({ gridOrder: ordered });
    return () => session.screen.setState({ gridOrder: new Uint32Array() });
  }, [session, ordered]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another order is read from its start
  useEffect(() => rows.scrollToOffset(0), [ordered]);

  return (
    <div
      ref={scroll}
      className={classes.scroll}
      role="listbox"
      aria-multiselectable="true"
      aria-busy={!isSettled}
      aria-label="Selected images. Arrows move, Space takes out or puts back, Enter opens large."
      aria-activedescendant={active === null ? undefined : `${id}-${active}`}
      tabIndex={0}
      data-testid="selection-grid"
      {...handlers}
    >
      <div ref={sizer} className={classes.sizer} style={{ height: rows.getTotalSize() }} role="presentation">
        {rows.getVirtualItems().map((row) => (
          <div
            key={row.key}
            className={classes.row}
            role="presentation"
            style={{
              transform: `translateY(${row.start}px)`,
              gridTemplateColumns: `repeat(${numColumns}, ${tileWidth}px)`,
            }}
          >
            {[...ordered.subarray(row.index * numColumns, (row.index + 1) * numColumns)].map((index, at) => {
              const position = row.index * numColumns + at;
              return (
                <SelectionTile
                  key={index}
                  id={`${id}-${position}`}
                  index={index}
                  position={position}
                  count={ordered.length}
                  sizePx={tilePx}
                  show={show}
                  isOut={isOut(index)}
                  isActive={position === active}
                  isFlagged={flags.has(index)}
                />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}
