import { ActionIcon, Slider, Tooltip } from "@mantine/core";
import {
  IconArrowsMaximize,
  IconBoxMultiple,
  IconHandMove,
  IconLasso,
  IconMarquee2,
  IconMinus,
  IconPhoto,
  IconPlus,
  IconPoint,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useStore } from "zustand";
import type { AppAction } from "../../lib/actions";
import { autoSizePx, type Display, type DragMode, MAX_SIZE_PX, MIN_SIZE_PX } from "../../state/view";
import { ExploreTools } from "../explore/explore-tools";
import { keepFocus } from "./keep-focus";
import { windowSize } from "./map-room";
import { MapSelectMenu } from "./map-select-menu";
import classes from "./map-tools.module.css";
import { useProject, useView } from "./project-context";

const MODES: readonly { mode: DragMode; title: string; icon: ReactNode }[] = [
  { mode: "lasso", title: "Lasso (L)", icon: <IconLasso size={16} /> },
  { mode: "box", title: "Box (B)", icon: <IconMarquee2 size={16} /> },
  { mode: "pan", title: "Move the map (H, or hold Space)", icon: <IconHandMove size={16} /> },
];
const DISPLAYS: readonly { display: Display; title: string; icon: ReactNode }[] = [
  {
    display: "auto",
    title: "Thumbnails where there is room, dots elsewhere",
    icon: <IconBoxMultiple size={16} />,
  },
  { display: "thumbnails", title: "All as thumbnails", icon: <IconPhoto size={16} /> },
  { display: "dots", title: "All as dots", icon: <IconPoint size={18} /> },
];
const ZOOM_STEP = 1.5;

export interface MapToolsProps {
  actions: readonly AppAction[];
  onFit: () => void;
  onZoom: (factor: number) => void;
}

/** The palette under the map: what dragging does, how images are drawn, zoom. */
export function MapTools({ actions, onFit, onZoom }: MapToolsProps) {
  const { session } = useProject();
  const numImages = useStore(session.map, (state) => state.data?.numImages ?? 0);
  const { dragMode, display, sizePx } = useView((view) => view);
  if (numImages === 0) return null;
  return (
    <div className={classes.tools} role="toolbar" aria-label="Map tools" onMouseDown={keepFocus}>
      {MODES.map(({ mode, title, icon }) => (
        <Tool
          key={mode}
          title={title}
          isOn={dragMode === mode}
          onClick={() => session.view.setState({ dragMode: mode })}
          testId={`tool-${mode}`}
        >
          {icon}
        </Tool>
      ))}
      <MapSelectMenu actions={actions} />
      <ExploreTools />
      <span className={classes.divider} />
      {DISPLAYS.map((entry) => (
        <Tool
          key={entry.display}
          title={`${entry.title} (T)`}
          isOn={display === entry.display}
          onClick={() => session.view.setState({ display: entry.display })}
          testId={`display-${entry.display}`}
        >
          {entry.icon}
        </Tool>
      ))}
      <Slider
        className={classes.size}
        size={3}
        thumbSize={12}
        min={MIN_SIZE_PX}
        max={MAX_SIZE_PX}
        value={sizePx ?? autoSizePx(numImages, windowSize())}
        onChange={(value) => session.view.setState({ sizePx: value })}
        label={null}
        thumbLabel="Size of thumbnails"
        data-testid="size-slider"
      />
      <span className={classes.divider} />
      <Tool title="Zoom out" onClick={() => onZoom(1 / ZOOM_STEP)} testId="zoom-out">
        <IconMinus size={16} />
      </Tool>
      <Tool title="Zoom in" onClick={() => onZoom(ZOOM_STEP)} testId="zoom-in">
        <IconPlus size={16} />
      </Tool>
      <Tool title="Fit the map to the window (F)" onClick={onFit} testId="fit">
        <IconArrowsMaximize size={15} />
      </Tool>
    </div>
  );
}

interface ToolProps {
  title: string;
  isOn?: boolean;
  onClick: () => void;
  testId: string;
  children: ReactNode;
}

function Tool({ title, isOn, onClick, testId, children }: ToolProps) {
  return (
    <Tooltip label={title}>
      <ActionIcon
        className={classes.tool}
        data-on={isOn}
        aria-label={title}
        aria-pressed={isOn}
        onClick={onClick}
        data-testid={testId}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
