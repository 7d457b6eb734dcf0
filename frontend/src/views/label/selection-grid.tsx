import { useElementSize } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { useStore } from "zustand";
import { dropFromSelection } from "../../state/selection";
import { useProject } from "./project-context";
import classes from "./selection-grid.module.css";
import { SelectionTile } from "./selection-tile";

const GAP_PX = 4;
const MIN_TILE_PX = 78;
const ROWS_BEYOND_VIEW = 4;

/** The selected images, drawn as far as they are in view. A click takes an image out of the selection. */
export function SelectionGrid() {
  const { session } = useProject();
  const indexes = useStore(session.selection, (selection) => selection.indexes);
  const scroll = useRef<HTMLDivElement>(null);
  const { ref: sizer, width } = useElementSize();
  const numColumns = Math.max(1, Math.floor((width + GAP_PX) / (MIN_TILE_PX + GAP_PX)));
  const tilePx = width > 0 ? (width - GAP_PX * (numColumns - 1)) / numColumns : MIN_TILE_PX;

  const rows = useVirtualizer({
    count: Math.ceil(indexes.length / numColumns),
    getScrollElement: () => scroll.current,
    estimateSize: () => tilePx + GAP_PX,
    overscan: ROWS_BEYOND_VIEW,
  });
  const measuredFor = useRef(tilePx);
  if (measuredFor.current !== tilePx) {
    measuredFor.current = tilePx;
    rows.measure();
  }

  return (
    <div ref={scroll} className={classes.scroll}>
      <div
        ref={sizer}
        className={classes.sizer}
        style={{ height: rows.getTotalSize() }}
        data-testid="selection-grid"
      >
        {rows.getVirtualItems().map((row) => (
          <div
            key={row.key}
            className={classes.row}
            style={{
              transform: `translateY(${row.start}px)`,
              gridTemplateColumns: `repeat(${numColumns}, ${tilePx}px)`,
            }}
          >
            {[...indexes.subarray(row.index * numColumns, (row.index + 1) * numColumns)].map((index) => (
              <SelectionTile
                key={index}
                index={index}
                sizePx={tilePx}
                onDrop={() => dropFromSelection(session.selection, index)}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
