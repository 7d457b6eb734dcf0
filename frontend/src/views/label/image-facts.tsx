import { Slider, Switch, UnstyledButton } from "@mantine/core";
import { useStore } from "zustand";
import type { ImagePrediction } from "../../api/types";
import { formatPercent } from "../../lib/format";
import { shownColour } from "../../lib/palette";
import { retentionLabel } from "../../lib/retention";
import { WHOLE_IMAGE } from "../../state/view";
import { useMapBackground } from "../common/map-background";
import classes from "./image-facts.module.css";
import type { ImageLook } from "./image-look";
import { useProject, useView } from "./project-context";

type Prediction = Omit<ImagePrediction, "box">;

export interface ImageFactsProps {
  index: number;
  prediction: Prediction | null;
  /** Class whose saliency is drawn. */
  saliencyClassId: number | null;
  onSaliencyClass: (classId: number) => void;
  look: ImageLook;
  onLook: (changes: Partial<ImageLook>) => void;
}

/** What people and the model say of the image, and what is drawn over it. */
export function ImageFacts(props: ImageFactsProps) {
  const { index, prediction } = props;
  const { session, classById, project } = useProject();
  const background = useMapBackground();
  const label = classById.get(useStore(session.sync.labels, (state) => state.shown[index] ?? 0));
  return (
    <>
      <dl className={`${classes.facts} num`}>
        <dt>Label</dt>
        <dd data-testid="image-label">
          {label ? (
            <>
              <i style={{ background: shownColour(label.colour, background) }} /> {label.name}
            </>
          ) : (
            <span className={classes.none}>none</span>
          )}
        </dd>
        {!prediction && (
          <>
            <dt>Prediction</dt>
            <dd data-testid="image-prediction">
              <span className={classes.none}>{project.model ? "not scored yet" : "no model yet"}</span>
            </dd>
          </>
        )}
      </dl>
      {prediction && <Probabilities {...props} prediction={prediction} />}
      {prediction && <Overlays {...props} prediction={prediction} />}
    </>
  );
}

type WithPrediction = ImageFactsProps & { prediction: Prediction };

/** The likeliest classes; those with a saliency map show it on a click. */
function Probabilities({ prediction, saliencyClassId, onSaliencyClass, onLook }: WithPrediction) {
  const { classById } = useProject();
  const background = useMapBackground();
  return (
    <section>
      <h3 className={classes.title}>Model {prediction.model_version} says</h3>
      <ul className={`${classes.bars} num`} data-testid="image-prediction">
        {prediction.probabilities.map(({ class_id, probability }) => {
          const entry = classById.get(class_id);
          const colour = shownColour(entry?.colour ?? "#868e96", background);
          return (
            <li key={class_id}>
              <UnstyledButton
                className={classes.bar}
                disabled={!prediction.saliency_class_ids.includes(class_id)}
                onClick={() => {
                  onSaliencyClass(class_id);
                  onLook({ hasSaliency: true });
                }}
                aria-pressed={class_id === saliencyClassId}
                title="Show where the model looks for this class"
                data-testid={`probability-${entry?.name ?? class_id}`}
              >
                <span className="truncate">{entry?.name ?? "a class that is gone"}</span>
                <span className={classes.track}>
                  <span style={{ width: `${100 * probability}%`, background: colour }} />
                </span>
                <span>{formatPercent(probability)}</span>
              </UnstyledButton>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Overlays({ prediction, look, onLook }: WithPrediction) {
  const { project } = useProject();
  const view = useView((state) => state.retentions[state.layout]);
  const hasMaps = prediction.saliency_class_ids.length > 0;
  return (
    <section className={classes.overlays}>
      <div className={classes.row}>
        <Switch
          checked={look.hasSaliency && hasMaps}
          disabled={!hasMaps}
          onChange={(event) => onLook({ hasSaliency: event.currentTarget.checked })}
          label="Saliency"
          data-testid="saliency-switch"
        />
        <Slider
          className={classes.slider}
          size={3}
          thumbSize={12}
          min={0}
          max={1}
          step={0.05}
          label={null}
          disabled={!look.hasSaliency || !hasMaps}
          value={look.opacity}
          onChange={(opacity) => onLook({ opacity })}
          thumbLabel="Opacity of the saliency"
        />
      </div>
      <div className={classes.row}>
        <Switch
          checked={look.hasBox}
          onChange={(event) => onLook({ hasBox: event.currentTarget.checked })}
          label={`Box at ${retentionLabel(view === WHOLE_IMAGE ? project.retention : view)}`}
          data-testid="box-switch"
        />
        <Switch
          checked={look.hasAllBoxes}
          disabled={!look.hasBox}
          onChange={(event) => onLook({ hasAllBoxes: event.currentTarget.checked })}
          label="Several"
          data-testid="boxes-switch"
        />
      </div>
    </section>
  );
}
