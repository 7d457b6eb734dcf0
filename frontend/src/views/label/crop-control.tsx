import { ActionIcon, Slider, Text, Tooltip } from "@mantine/core";
import { IconPercentage } from "@tabler/icons-react";
import { useStore } from "zustand";
import { positionOfRetention, retentionLabel, retentionOfPosition, SLIDER_MAX } from "../../lib/retention";
import { setRetention } from "../../state/view";
import classes from "./crop-control.module.css";
import { useProject, useView } from "./project-context";

/** The crop margin: how much of each image's attention its thumbnail keeps. Every thumbnail follows at once. */
export function CropControl() {
  const { session } = useProject();
  const retention = useView((view) => view.retentions[view.layout]);
  const followsRates = useView((view) => view.followsRates);
  const isCropMap = useView((view) => view.layout === "crop");
  const hasRates = useStore(session.map, (state) => state.data?.cropRates != null) && isCropMap;
  const isByRate = hasRates && followsRates;
  const hasProfiles = useStore(session.map, (state) => state.data?.profiles != null);
  return (
    <div className={classes.control} title={hasProfiles ? undefined : "Crops come with the first model"}>
      <Text size="xs" c="dimmed" className={classes.label}>
        Crop
      </Text>
      <Slider
        className={classes.slider}
        size={3}
        min={0}
        max={SLIDER_MAX}
        step={1}
        value={positionOfRetention(retention)}
        onChange={(position) => setRetention(session.view, retentionOfPosition(position))}
        disabled={!hasProfiles}
        label={null}
        thumbLabel="Crop margin"
        thumbSize={13}
        data-testid="crop-slider"
      />
      <span className={`${classes.value} num`} data-testid="crop-value">
        {!hasProfiles ? "–" : isByRate ? "rates" : retentionLabel(retention)}
      </span>
      {hasRates && (
        <Tooltip label="Each image at its own crop rate, as the project settings say">
          <ActionIcon
            variant={isByRate ? "light" : "subtle"}
            color={isByRate ? "accent" : "gray"}
            onClick={() => session.view.setState({ followsRates: !followsRates })}
            aria-label="Each image at its own crop rate"
            aria-pressed={isByRate}
            data-testid="crop-by-rates"
          >
            <IconPercentage size={15} />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  );
}
