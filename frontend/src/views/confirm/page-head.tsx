import { ActionIcon, Button, SegmentedControl, Tooltip } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import type { LabelClass } from "../../api/types";
import { formatCount } from "../../lib/format";
import { shownColour } from "../../lib/palette";
import { useMapBackground } from "../common/map-background";
import { KeyCap } from "../label/key-cap";
import { useProject } from "../label/project-context";
import classes from "./confirm.module.css";
import { RelabelMenu } from "./relabel-menu";
import { type PageView, TILE_SIZES_PX } from "./use-page-view";

export interface PageHeadProps {
  entry: LabelClass;
  facts: readonly string[];
  view: PageView;
  dropped: number;
  right: number;
  hasBack: boolean;
  onAccept: () => void;
  onSkip: () => void;
  onBack: () => void;
  onRelabel: (classId: number) => void;
}

/** What is on the page, how it is shown, and what Enter does. */
export function PageHead(props: PageHeadProps) {
  const { entry, facts, view, dropped, right, hasBack, onAccept, onSkip, onBack, onRelabel } = props;
  const { may } = useProject();
  const background = useMapBackground();
  return (
    <header className={classes.head}>
      <div className={classes.title}>
        <h2>
          <i style={{ background: shownColour(entry.colour, background) }} />
          {entry.name}
        </h2>
        <p className="num">{facts.filter(Boolean).join(" · ")}</p>
      </div>
      <PageViewControls view={view} />
      <div className={classes.actions}>
        <Tooltip label="Page before (,)">
          <ActionIcon onClick={onBack} disabled={!hasBack} aria-label="Page before">
            <IconChevronLeft size={17} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Skip this page (.)">
          <ActionIcon onClick={onSkip} aria-label="Skip this page" data-testid="confirm-skip">
            <IconChevronRight size={17} />
          </ActionIcon>
        </Tooltip>
        {may("label") && (
          <>
            <RelabelMenu count={dropped} without={entry.id} onRelabel={onRelabel} />
            <Button
              size="sm"
              onClick={onAccept}
              rightSection={
                <span className={classes.onAccent}>
                  <KeyCap hotkey="enter" />
                </span>
              }
              data-testid="confirm-accept"
            >
              {right > 0 ? `Take ${formatCount(right)}` : "Take none"}
            </Button>
          </>
        )}
      </div>
    </header>
  );
}

export function PageViewControls({ view }: { view: PageView }) {
  return (
    <div className={classes.view}>
      <SegmentedControl
        size="xs"
        value={view.isCropped ? "crop" : "whole"}
        onChange={view.toggleCrop}
        data={[
          { value: "whole", label: "Whole" },
          { value: "crop", label: "Crop" },
        ]}
        aria-label="What the tiles show"
        data-testid="page-crop"
      />
      <SegmentedControl
        size="xs"
        value={String(view.tilePx)}
        onChange={(value) => view.setTilePx(Number(value))}
        data={TILE_SIZES_PX.map((px, at) => ({ value: String(px), label: ["S", "M", "L", "XL"][at] }))}
        aria-label="Size of the tiles"
      />
    </div>
  );
}
