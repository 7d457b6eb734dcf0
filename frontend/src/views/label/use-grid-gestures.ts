/** Pointer and keys of the selection's grid: click, drag and Shift take images out or put them back. */
import { type KeyboardEvent, type MouseEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { moveInGrid, rangeOf } from "../../lib/grid-moves";
import { leaveOut, putBack } from "../../state/selection";
import { useProject } from "./project-context";

export interface GridGestureInput {
  ordered: Uint32Array;
  isOut: (index: number) => boolean;
  numColumns: number;
  scrollTo: (position: number) => void;
}

const ROWS_PER_PAGE = 4;

export function useGridGestures({ ordered, isOut, numColumns, scrollTo }: GridGestureInput) {
  const { session } = useProject();
  const [active, setActive] = useState<number | null>(null);
  /** Where a range begins, and what is done to it. */
  const anchor = useRef<{ position: number; takesOut: boolean } | null>(null);
  const isPainting = useRef(false);
  useEffect(() => {
    const stop = () => {
      isPainting.current = false;
    };
    window.addEventListener("pointerup", stop);
    window.addEventListener("pointercancel", stop);
    return () => {
      window.removeEventListener("pointerup", stop);
      window.removeEventListener("pointercancel", stop);
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: positions mean nothing in another order
  useEffect(() => {
    anchor.current = null;
    setActive(null);
  }, [ordered]);

  const apply = (positions: readonly number[], takesOut: boolean) => {
    const indexes = positions.map((position) => ordered[position]);
    if (takesOut) leaveOut(session.selection, indexes);
    else putBack(session.selection, indexes);
  };
  const toggle = (position: number, isRange: boolean) => {
    if (isRange && anchor.current) {
      apply(rangeOf(anchor.current.position, position), anchor.current.takesOut);
    } else {
      const takesOut = !isOut(ordered[position]);
      anchor.current = { position, takesOut };
      apply([position], takesOut);
    }
  };
  const open = (position: number) => session.screen.setState({ openImage: ordered[position] });

  const move = (next: number, extends_: boolean) => {
    const from = Math.max(0, active ?? 0);
    setActive(next);
    scrollTo(next);
    if (!extends_) return;
    anchor.current ??= { position: from, takesOut: !isOut(ordered[from]) };
    apply(rangeOf(anchor.current.position, next), anchor.current.takesOut);
  };
  /** True when the key meant something to the grid. */
  const onKey = (event: KeyboardEvent): boolean => {
    const rows = event.key.startsWith("Page") ? ROWS_PER_PAGE : 1;
    const place = { from: active ?? -1, count: ordered.length, numColumns, rows };
    const next = moveInGrid(event.key, place);
    if (next !== null) move(next, event.shiftKey);
    else if (active === null) return false;
    else if (event.key === " ") toggle(active, event.shiftKey);
    else if ((event.key === "Enter" || event.key === "o") && !isGuarding()) open(active);
    else return false;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !onKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const isGuarding = () => session.screen.getState().pendingLabel !== null;

  return {
    active,
    handlers: {
      onKeyDown,
      onFocus: () => setActive((position) => position ?? (ordered.length > 0 ? 0 : null)),
      onPointerDown: (event: PointerEvent) => {
        const position = positionAt(event);
        if (position === null || event.button !== 0) return;
        isPainting.current = true;
        toggle(position, event.shiftKey);
        setActive(position);
      },
      onPointerOver: (event: PointerEvent) => {
        const position = positionAt(event);
        if (position === null) return;
        session.screen.setState({ hovered: ordered[position] });
        if (isPainting.current && anchor.current) apply([position], anchor.current.takesOut);
      },
      onPointerLeave: () => session.screen.setState({ hovered: null }),
      onDoubleClick: (event: MouseEvent) => {
        const position = positionAt(event);
        if (position !== null) open(position);
      },
      onContextMenu: (event: MouseEvent) => {
        const position = positionAt(event);
        if (position === null) return;
        event.preventDefault();
        open(position);
      },
    },
  };
}

function positionAt(event: { target: EventTarget }): number | null {
  const tile = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-position]") : null;
  return tile ? Number(tile.dataset.position) : null;
}
