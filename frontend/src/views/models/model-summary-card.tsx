import type { ReactNode } from "react";
import type { ModelVersion, Project } from "../../api/types";
import {
  formatCount,
  formatDateTime,
  formatInterval,
  formatPercent,
  formatPoints,
  NO_BREAK,
} from "../../lib/format";
import { modelName, whyProvisional } from "../../lib/model-name";
import { retentionLabel } from "../../lib/retention";
import { methodTitle } from "../../lib/saliency-methods";
import classes from "./models-page.module.css";

interface ModelSummaryCardProps {
  project: Project;
  model: ModelVersion;
  previous: ModelVersion | null;
}

/** The one number with how sure it is, and what the model was made from. */
export function ModelSummaryCard({ project, model, previous }: ModelSummaryCardProps) {
  const provisional = whyProvisional(model, project);
  const { accuracy, accuracy_low, accuracy_high } = model;
  const change = accuracy != null && previous?.accuracy != null ? accuracy - previous.accuracy : null;
  const seconds = Object.values(model.seconds).reduce((sum, value) => sum + value, 0);
  return (
    <section className={`${classes.facts} num`} aria-label={modelName(model)}>
      <div className={`${classes.fact} ${classes.accuracy}`}>
        <span>Held-out accuracy</span>
        <b data-testid="model-accuracy">{accuracy == null ? "–" : formatPercent(accuracy)}</b>
        <p>
          {accuracy_low != null && accuracy_high != null && (
            <small>{formatInterval(accuracy_low, accuracy_high)}</small>
          )}
          {change !== null && (
            <small className={classes.change} data-sign={Math.sign(change)}>
              {formatPoints(change)}
            </small>
          )}
        </p>
      </div>
      <Fact
        title="Labels"
        value={formatCount(model.num_labels)}
        detail={`${formatCount(model.num_heldout)} of them held out`}
      />
      {provisional && <Fact title="Provisional" detail={provisional} />}
      <Fact title="Network" value={model.backbone} />
      <Fact
        title="Predicts from"
        value={model.views.includes("crop") ? "whole images and their crops" : "whole images"}
        detail={model.sees_neighbours ? "and the labels of the images most like them" : undefined}
      />
      <Fact
        title="Crops"
        value={`${methodTitle(model.saliency_method)}, ${retentionLabel(model.retention)}`}
      />
      <Fact
        title="Made"
        value={<time dateTime={model.created_at}>{formatDateTime(model.created_at)}</time>}
        detail={`in ${seconds.toFixed(1)}${NO_BREAK}s`}
      />
    </section>
  );
}

function Fact({ title, value, detail }: { title: string; value?: ReactNode; detail?: string }) {
  return (
    <div className={classes.fact}>
      <span>{title}</span>
      {value !== undefined && <b>{value}</b>}
      {detail !== undefined && <p>{detail}</p>}
    </div>
  );
}
