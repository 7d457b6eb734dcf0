import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef, useState } from "react";
import { columnsOf, moveIn } from "./grid-moves";
import classes from "./pick-grid.module.css";
import { PickTile } from "./pick-tile";

export interface PickGridProps {
  label: string;
  indexes: readonly number[];
  notes: readonly string[];
  picked: ReadonlySet<number>;
  /** wrong: picked ones are crossed out. chosen: they are marked. */
  tone: "wrong" | "chosen";
  isCropped: boolean;
  tilePx: number;
  onToggle: (indexes: readonly number[]) => void;
}

/** A page of images. A click or Space picks one, Shift a run, arrows move; the page has one tab stop. */
export function PickGrid(props: PickGridProps) {
  const { label, indexes, notes, picked, tone, isCropped, tilePx, onToggle } = props;
  const [active, setActive] = useState(0);
  const grid = useRef<HTMLDivElement>(null);
  const id = useId();
  const first = indexes[0];
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page starts at its first image
  useEffect(() => {
    setActive(0);
    grid.current?.focus({ preventScroll: true });
  }, [first]);

  const toggle = (position: number, isRun: boolean) => {
    const from = isRun ? Math.min(active, position) : position;
    const to = isRun ? Math.max(active, position) : position;
    onToggle(indexes.slice(from, to + 1));
    setActive(position);
  };
  const onClick = (event: MouseEvent) => {
    const tile = (event.target as HTMLElement).closest<HTMLElement>("[data-position]");
    if (tile) toggle(Number(tile.dataset.position), event.shiftKey);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === " " || event.key.toLowerCase() === "x") {
      event.preventDefault();
      toggle(active, false);
      return;
    }
    const next = moveIn(event.key, active, indexes.length, columnsOf(grid.current));
    if (next === null) return;
    event.preventDefault();
    setActive(next);
    grid.current?.children[next]?.scrollIntoView({ block: "nearest" });
  };

  return (
    <div
      ref={grid}
      className={classes.grid}
      style={{ "--tile": `${tilePx}px` } as React.CSSProperties}
      role="listbox"
      aria-label={label}
      aria-multiselectable
      aria-activedescendant={indexes.length > 0 ? `${id}-${active}` : undefined}
      tabIndex={0}
      data-tone={tone}
      data-testid="pick-grid"
      onClick={onClick}
      onKeyDown={onKeyDown}
    >
      {indexes.map((index, position) => (
        <PickTile
          key={index}
          id={`${id}-${position}`}
          index={index}
          position={position}
          count={indexes.length}
          note={notes[position] ?? ""}
          isCropped={isCropped}
          isPicked={picked.has(index)}
          isActive={position === active}
        />
      ))}
    </div>
  );
}
