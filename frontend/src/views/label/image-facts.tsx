import { Switch } from "@mantine/core";
import { useStore } from "zustand";
import type { ImagePrediction } from "../../api/types";
import { formatPercent } from "../../lib/format";
import { shownColour } from "../../lib/palette";
import { retentionLabel } from "../../lib/retention";
import { useMapBackground } from "../common/map-background";
import classes from "./image-facts.module.css";
import { useProject, useView } from "./project-context";

export interface ImageFactsProps {
  index: number;
  prediction: Pick<ImagePrediction, "class_id" | "confidence"> | null;
  isAttentionShown: boolean;
  onAttention: (isShown: boolean) => void;
}

/** What people and the model say of the image, and whether its attention is drawn. */
export function ImageFacts({ index, prediction, isAttentionShown, onAttention }: ImageFactsProps) {
  const { session, classById, project } = useProject();
  const background = useMapBackground();
  const classId = useStore(session.sync.labels, (state) => state.shown[index] ?? 0);
  const view = useView((state) => state);
  const label = classById.get(classId);
  const predicted = prediction ? classById.get(prediction.class_id) : undefined;
  const shown = view.retentions[view.layout] === 1 ? project.retention : view.retentions[view.layout];
  const dot = (colour: string) => <i style={{ background: shownColour(colour, background) }} />;

  return (
    <dl className={`${classes.facts} num`}>
      <dt>Label</dt>
      <dd data-testid="image-label">
        {label ? (
          <>
            {dot(label.colour)} {label.name}
          </>
        ) : (
          <span className={classes.none}>none</span>
        )}
      </dd>
      <dt>Prediction</dt>
      <dd data-testid="image-prediction">
        {prediction && predicted ? (
          <>
            {dot(predicted.colour)} {predicted.name}
            <span className={classes.none}>{formatPercent(prediction.confidence)}</span>
          </>
        ) : (
          <span className={classes.none}>{project.model ? "not scored yet" : "no model yet"}</span>
        )}
      </dd>
      {prediction && (
        <>
          <dt>Attention</dt>
          <dd>
            <Switch
              checked={isAttentionShown}
              onChange={(event) => onAttention(event.currentTarget.checked)}
              label={`Box at ${retentionLabel(shown)}`}
            />
          </dd>
        </>
      )}
    </dl>
  );
}
