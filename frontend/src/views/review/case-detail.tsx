import { Button } from "@mantine/core";
import { useState } from "react";
import { useStore } from "zustand";
import { imageUrl } from "../../api/queries";
import { formatPercent } from "../../lib/format";
import { shownColour } from "../../lib/palette";
import { useMapBackground } from "../common/map-background";
import { ClassButtons } from "../label/class-buttons";
import { KeyCap } from "../label/key-cap";
import { useProject } from "../label/project-context";
import { CaseNeighbours } from "./case-neighbours";
import classes from "./review.module.css";
import type { ReviewCase } from "./review-case";

export interface CaseDetailProps {
  entry: ReviewCase;
  isDone: boolean;
  onDecide: (classId: number | null) => void;
}

/** One case large: the image, its label, what speaks against it, images like it, and the keys that decide. */
export function CaseDetail({ entry, isDone, onDecide }: CaseDetailProps) {
  const { session, project, classes: all, classById, may } = useProject();
  const [isBroken, setIsBroken] = useState(false);
  const now = useStore(session.sync.labels, (labels) => labels.shown[entry.index] ?? 0);
  const given = classById.get(entry.classId ?? 0);
  const suggested = classById.get(entry.suggestedId ?? 0);
  return (
    <article className={classes.detail} aria-label={`Image ${entry.index}`}>
      <div className={classes.stage}>
        <img
          src={imageUrl(project.id, entry.index, isBroken ? "thumbnail" : "original")}
          alt={`Number ${entry.index}${given ? `, labelled ${given.name}` : ""}`}
          onError={() => setIsBroken(true)}
        />
      </div>
      <div className={classes.panel}>
        <p className={classes.verdict}>
          {entry.quality !== null && suggested ? (
            <>
              Labelled <ClassChip classId={entry.classId} />. From the other labels the model would say{" "}
              <ClassChip classId={entry.suggestedId} />, and gives the label{" "}
              <b className="num">{formatPercent(entry.quality)}</b>.
            </>
          ) : (
            <>
              {entry.given.map(({ annotator, classId }) => (
                <span key={annotator} className={classes.vote}>
                  {annotator}: <ClassChip classId={classId} />
                </span>
              ))}
              It counts as <ClassChip classId={entry.classId} />.
            </>
          )}
        </p>
        {isDone && (
          <p className={classes.done} role="status">
            Looked at: it is <ClassChip classId={now} /> now.
          </p>
        )}
        {may("label") && (
          <>
            <div className={classes.choices}>
              {given && (
                <Button
                  size="sm"
                  variant={suggested ? "default" : "filled"}
                  onClick={() => onDecide(given.id)}
                  rightSection={
                    <span className={suggested ? undefined : classes.onAccent}>
                      <KeyCap hotkey="enter" />
                    </span>
                  }
                  data-testid="review-keep"
                >
                  Keep {given.name}
                </Button>
              )}
              {suggested && (
                <Button
                  size="sm"
                  onClick={() => onDecide(suggested.id)}
                  rightSection={
                    <span className={classes.onAccent}>
                      <KeyCap hotkey="space" />
                    </span>
                  }
                  data-testid="review-change"
                >
                  Change to {suggested.name}
                </Button>
              )}
            </div>
            <details className={classes.others}>
              <summary>Another class</summary>
              <ClassButtons classes={all} onAssign={onDecide} />
            </details>
          </>
        )}
        <CaseNeighbours index={entry.index} />
      </div>
    </article>
  );
}

export function ClassChip({ classId }: { classId: number | null }) {
  const { classById } = useProject();
  const background = useMapBackground();
  const entry = classById.get(classId ?? 0);
  return (
    <b className={classes.chip}>
      <i style={{ background: entry ? shownColour(entry.colour, background) : "transparent" }} />
      {entry?.name ?? "no label"}
    </b>
  );
}
