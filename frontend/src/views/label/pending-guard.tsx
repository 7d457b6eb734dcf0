import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconTargetOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { formatCount, formatPlural } from "../../lib/format";
import type { GuardReport } from "../../lib/guard";
import { shownColour } from "../../lib/palette";
import { leaveOut } from "../../state/selection";
import { useMapBackground } from "../common/map-background";
import { cancelLabel, confirmLabel } from "./guarded-label";
import { KeyCap } from "./key-cap";
import classes from "./pending-guard.module.css";
import { useProject } from "./project-context";
import { useAnnotatorNames } from "./use-label-facts";

/** Classes and people that are named; more are counted. */
const MAX_NAMED = 3;

export interface PendingGuardProps {
  classId: number | null;
  report: GuardReport;
}

/** Before a large label: what is there already and by whom, what the model doubts. */
export function PendingGuard({ classId, report }: PendingGuardProps) {
  const { session, classById } = useProject();
  const background = useMapBackground();
  const names = useAnnotatorNames(true);
  const nameOf = (id: number) => classById.get(id)?.name ?? "another class";
  const colourOf = (id: number) => shownColour(classById.get(id)?.colour ?? "#868e96", background);
  const numLabelled = report.numSame + report.numOverwritten;
  const numMore = report.overwritten.length - MAX_NAMED;
  const dropDoubtful = () => leaveOut(session.selection, report.doubtful);

  return (
    <section
      className={classes.guard}
      aria-label="Before the label is given"
      data-testid="pending-guard"
      data-doubtful={report.doubtful.length}
      data-overwritten={report.numOverwritten}
    >
      <h3 className={classes.title}>
        {classId === null ? (
          <>Remove {formatPlural(numLabelled, "label")}?</>
        ) : (
          <>
            <i style={{ background: colourOf(classId) }} />
            <span>
              Label {formatPlural(report.numSelected, "image")} <b>{nameOf(classId)}</b>?
            </span>
          </>
        )}
      </h3>
      <ul className={`${classes.list} num`}>
        <Line isGood={report.numOverwritten === 0}>
          {numLabelled === 0 ? "None has a label yet" : `${formatCount(numLabelled)} labelled already`}
          {report.byAnnotator.length > 0 && (
            <span className={classes.faint} data-testid="guard-annotators">
              by{" "}
              {report.byAnnotator
                .slice(0, MAX_NAMED)
                .map(({ annotatorId, count }) => `${names.get(annotatorId) ?? "…"} ${formatCount(count)}`)
                .join(", ")}
            </span>
          )}
        </Line>
        {report.numOverwritten > 0 && (
          <Line>
            {formatCount(report.numOverwritten)} would change from
            {report.overwritten.slice(0, MAX_NAMED).map((entry) => (
              <span key={entry.classId} className={classes.entry}>
                <i style={{ background: colourOf(entry.classId) }} />
                {nameOf(entry.classId)} {formatCount(entry.count)}
              </span>
            ))}
            {numMore > 0 && (
              <span className={classes.faint}>and {formatPlural(numMore, "more class", "more classes")}</span>
            )}
          </Line>
        )}
        {report.isModelAsked && (
          <Line isGood={report.doubtful.length === 0}>
            {report.doubtful.length === 0
              ? "The model doubts none"
              : `The model doubts ${formatCount(report.doubtful.length)}; they come first below`}
          </Line>
        )}
      </ul>
      {report.doubtful.length > 0 && (
        <Button
          variant="default"
          fullWidth
          leftSection={<IconTargetOff size={14} />}
          rightSection={<KeyCap hotkey="backspace" />}
          onClick={dropDoubtful}
          data-testid="drop-doubtful"
        >
          Leave out the {formatCount(report.doubtful.length)} doubtful
        </Button>
      )}
      <div className={classes.buttons}>
        <Button
          variant="default"
          rightSection={<KeyCap hotkey="escape" />}
          onClick={() => cancelLabel(session)}
          data-testid="guard-cancel"
        >
          Cancel
        </Button>
        <Button
          rightSection={<KeyCap hotkey="enter" />}
          onClick={() => confirmLabel(session)}
          disabled={report.numSelected === 0}
          data-testid="guard-confirm"
        >
          {classId === null ? "Remove" : `Label ${formatCount(report.numSelected)}`}
        </Button>
      </div>
    </section>
  );
}

function Line({ isGood = false, children }: { isGood?: boolean; children: ReactNode }) {
  return (
    <li className={classes.line} data-good={isGood}>
      {isGood ? <IconCircleCheck size={14} /> : <IconAlertTriangle size={14} />}
      <span>{children}</span>
    </li>
  );
}
