import { UnstyledButton } from "@mantine/core";
import { Link } from "wouter";
import { useStore } from "zustand";
import { formatInterval, formatPercent, formatPlural, formatPoints } from "../../lib/format";
import { firstTraining } from "../../lib/training-policy";
import { trainingProgress } from "../../lib/training-progress";
import { isActive } from "../../state/jobs";
import classes from "./model-banner.module.css";
import { useProject } from "./project-context";

/** "Model 3 · 812 labels · 96.1 % held-out accuracy (94.0–97.6), +2.3", or what is missing for the first one. */
export function ModelBanner({ onTrain }: { onTrain: () => void }) {
  const { project } = useProject();
  const { model } = project;
  if (!model) return <BeforeModel onTrain={onTrain} />;
  const { accuracy, accuracy_low, accuracy_high, accuracy_change } = model;
  return (
    <Link
      href={`/projects/${project.id}/models`}
      className={`${classes.banner} truncate num`}
      data-testid="model-banner"
      data-model={model.number}
    >
      <b>Model {model.number}</b>
      {model.is_provisional && <span className={classes.faint}> provisional</span>} ·{" "}
      {formatPlural(model.num_labels, "label")} ·{" "}
      {accuracy == null ? (
        "no held-out labels yet"
      ) : (
        <>
          <b>{formatPercent(accuracy)}</b> held-out accuracy
          {accuracy_low != null && accuracy_high != null && (
            <span className={classes.faint}> ({formatInterval(accuracy_low, accuracy_high)})</span>
          )}
          {accuracy_change != null && (
            <span className={classes.change} data-sign={Math.sign(accuracy_change)}>
              {" "}
              {formatPoints(accuracy_change)}
            </span>
          )}
        </>
      )}
    </Link>
  );
}

function BeforeModel({ onTrain }: { onTrain: () => void }) {
  const { classes: active, session, project, may } = useProject();
  const counts = useStore(session.sync.labels, (state) => state.counts);
  const isTraining = useStore(session.jobs, (state) =>
    state.jobs.some((job) => job.kind === "training" && isActive(job)),
  );
  const threshold = firstTraining(project);
  const progress = trainingProgress(
    active.map((entry) => counts.get(entry.id) ?? 0),
    threshold,
  );
  const isReady = progress.numMissing === 0 && progress.numClasses > 1;
  return (
    <span className={`${classes.banner} truncate num`} data-testid="model-banner" data-model="0">
      No model yet ·{" "}
      <span className={classes.faint}>{whenFirst(isReady, project.trains_by_itself, threshold)}</span>
      {isReady && !isTraining && may("train") && project.weights_message === null && (
        <UnstyledButton className={classes.train} onClick={onTrain}>
          Train now
        </UnstyledButton>
      )}
    </span>
  );
}

function whenFirst(isReady: boolean, trainsByItself: boolean, threshold: number): string {
  if (isReady) return "enough labels to train";
  return trainsByItself
    ? `trains at ${formatPlural(threshold, "label")} in every class`
    : "trains when asked to";
}
