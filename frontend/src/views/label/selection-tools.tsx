import { ActionIcon, Menu, Select, Tooltip } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowsDiagonal,
  IconArrowsDiagonalMinimize2,
  IconCheck,
  IconLayoutGrid,
  IconPhotoOff,
  IconTargetOff,
} from "@tabler/icons-react";
import { useStore } from "zustand";
import { formatCount, formatPlural } from "../../lib/format";
import { SORTS, type SortBy } from "../../lib/selection-order";
import { TILE_SHOWS, TILE_SIZES, type TileShow } from "../../state/grid";
import { leaveOut, putBack } from "../../state/selection";
import { useProject } from "./project-context";
import classes from "./selection-tools.module.css";

const SHOW_TITLES: Readonly<Record<TileShow, string>> = {
  map: "As on the map",
  whole: "Whole images",
  crop: "Crops",
  both: "Whole and crop",
};

export interface SelectionToolsProps {
  sortBy: SortBy;
  odd: Uint32Array;
}

/** How the grid is ordered and drawn, and what takes images out in bulk. */
export function SelectionTools({ sortBy, odd }: SelectionToolsProps) {
  const { session, may } = useProject();
  const numSelected = useStore(session.selection, (selection) => selection.indexes.length);
  const leftOut = useStore(session.selection, (selection) => selection.leftOut);
  const isWide = useStore(session.grid, (grid) => grid.isWide);
  const isPending = useStore(session.screen, (screen) => screen.pendingLabel !== null);
  const hasModel = useStore(session.map, (state) => state.data?.modelVersion != null);
  return (
    <div className={classes.tools}>
      <Select
        className={classes.sort}
        value={sortBy}
        disabled={isPending}
        onChange={(value) => session.grid.setState({ sortBy: value as SortBy })}
        data={SORTS.map(({ value, title, needsModel }) => ({
          value,
          label: title,
          disabled: needsModel && !hasModel,
        }))}
        aria-label="Order of the grid"
        comboboxProps={{ width: 210, position: "bottom-start" }}
        data-testid="grid-sort"
      />
      {odd.length > 0 && (
        <Tooltip label={`Leave out ${formatPlural(odd.length, "image")} far from the others`}>
          <ActionIcon
            onClick={() => leaveOut(session.selection, odd)}
            aria-label={`Leave out ${odd.length} odd ones`}
            data-testid="drop-odd"
            className={classes.counted}
          >
            <IconTargetOff size={15} />
            <span className="num">{formatCount(odd.length)}</span>
          </ActionIcon>
        </Tooltip>
      )}
      {leftOut.length > 0 && (
        <Tooltip label={`Put ${formatPlural(leftOut.length, "image")} back`}>
          <ActionIcon
            onClick={() => putBack(session.selection, leftOut)}
            aria-label={`Put ${leftOut.length} back`}
            data-testid="put-back"
            className={classes.counted}
          >
            <IconArrowBackUp size={15} />
            <span className="num">{formatCount(leftOut.length)}</span>
          </ActionIcon>
        </Tooltip>
      )}
      <span className={classes.space} />
      {may("removeImages") && numSelected > 0 && (
        <Tooltip label={`Remove ${formatPlural(numSelected, "image")} from the project…`}>
          <ActionIcon
            onClick={() => session.screen.setState({ isRemoveOpen: true })}
            aria-label="Remove the selected images from the project"
            data-testid="remove-images"
          >
            <IconPhotoOff size={15} />
          </ActionIcon>
        </Tooltip>
      )}
      <TileMenu />
      <Tooltip label={isWide ? "Narrow panel" : "Wide panel"}>
        <ActionIcon
          onClick={() => session.grid.setState({ isWide: !isWide })}
          aria-label="Wide panel"
          aria-pressed={isWide}
          data-testid="grid-wide"
        >
          {isWide ? <IconArrowsDiagonalMinimize2 size={15} /> : <IconArrowsDiagonal size={15} />}
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

function TileMenu() {
  const { session } = useProject();
  const { tileSize, show } = useStore(session.grid);
  const hasCrops = useStore(session.map, (state) => state.data?.profiles != null);
  const mark = (isOn: boolean) => (isOn ? <IconCheck size={14} /> : <span className={classes.noCheck} />);
  return (
    <Menu width={180} closeOnItemClick={false}>
      <Menu.Target>
        <ActionIcon aria-label="Tiles" data-testid="grid-tiles">
          <IconLayoutGrid size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Size</Menu.Label>
        {TILE_SIZES.map((size) => (
          <Menu.Item
            key={size}
            leftSection={mark(size === tileSize)}
            onClick={() => session.grid.setState({ tileSize: size })}
            data-testid={`tile-${size}`}
          >
            {size[0].toUpperCase() + size.slice(1)}
          </Menu.Item>
        ))}
        <Menu.Label>Picture</Menu.Label>
        {TILE_SHOWS.map((entry) => (
          <Menu.Item
            key={entry}
            leftSection={mark(entry === show)}
            disabled={!hasCrops && entry !== "map" && entry !== "whole"}
            onClick={() => session.grid.setState({ show: entry })}
            data-testid={`tile-show-${entry}`}
          >
            {SHOW_TITLES[entry]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
