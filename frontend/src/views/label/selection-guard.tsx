import { useMemo } from "react";
import { useStore } from "zustand";
import { formatCount } from "../../lib/format";
import { summarize } from "../../lib/guard";
import { shownColour } from "../../lib/palette";
import { useMapBackground } from "../common/map-background";
import { useProject } from "./project-context";
import classes from "./selection-guard.module.css";

const MAX_LISTED = 4;

/** What a label would overwrite: how many of the selected images have one, and which. */
export function SelectionGuard() {
  const { session, classById } = useProject();
  const background = useMapBackground();
  const indexes = useStore(session.selection, (selection) => selection.indexes);
  const labels = useStore(session.sync.labels, (state) => state.shown);
  const predictions = useStore(session.map, (state) => state.data?.predictedClass ?? null);
  const summary = useMemo(() => summarize(indexes, labels, predictions), [indexes, labels, predictions]);
  const { numSelected, numLabelled } = summary;

  const colourOf = (classId: number) => shownColour(classById.get(classId)?.colour ?? "#868e96", background);
  const nameOf = (classId: number) => classById.get(classId)?.name ?? "another class";
  const listed = summary.labels.slice(0, MAX_LISTED);
  const guess = summary.predictions[0];

  return (
    <div className={classes.guard} data-testid="selection-guard" data-labelled={numLabelled}>
      <div className={classes.bar} aria-hidden="true">
        {summary.labels.map(({ classId, count }) => (
          <span
            key={classId}
            style={{ width: `${(100 * count) / numSelected}%`, background: colourOf(classId) }}
          />
        ))}
      </div>
      <p className={`${classes.text} num`}>
        {numLabelled === 0 ? "None labelled yet" : `${formatCount(numLabelled)} already labelled`}
        {listed.map(({ classId, count }) => (
          <span key={classId} className={classes.entry}>
            <i style={{ background: colourOf(classId) }} />
            {nameOf(classId)} {formatCount(count)}
          </span>
        ))}
        {summary.labels.length > MAX_LISTED && <span>+{summary.labels.length - MAX_LISTED} more</span>}
      </p>
      {guess && (
        <p className={`${classes.text} num`}>
          Predicted {nameOf(guess.classId)}: {formatCount(guess.count)} of {formatCount(numSelected)}
        </p>
      )}
    </div>
  );
}
