import { Slider, Text } from "@mantine/core";
import { useStore } from "zustand";
import { positionOfRetention, retentionLabel, retentionOfPosition, SLIDER_MAX } from "../../lib/retention";
import { setRetention } from "../../state/view";
import classes from "./crop-control.module.css";
import { useProject, useView } from "./project-context";

/** The crop margin: how much of each image's attention its thumbnail keeps. Every thumbnail follows at once. */
export function CropControl() {
  const { session } = useProject();
  const retention = useView((view) => view.retentions[view.layout]);
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
        {hasProfiles ? retentionLabel(retention) : "–"}
      </span>
    </div>
  );
}
