import { IconEyeCheck, IconHourglass } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { StateCard } from "../common/states";
import { useScreenKeys } from "../common/use-screen-keys";
import { confirmImages } from "../confirm/confirm-gestures";
import { useProject } from "../label/project-context";
import { CaseDetail } from "./case-detail";
import { CaseList } from "./case-list";
import classes from "./review.module.css";
import { nextOpen, type ReviewCase, type ReviewWhat } from "./review-case";

const EMPTY = {
  suspects: {
    title: "No label is doubted",
    detail: "After each model all labels are cross-checked; those that look wrong appear here, worst first.",
  },
  disagreements: {
    title: "Nobody disagrees",
    detail: "Images to which people gave different classes appear here.",
  },
};

export interface ReviewQueueProps {
  cases: readonly ReviewCase[];
  what: ReviewWhat;
  isReady: boolean;
  /** Where to go on when nothing is left here. */
  onward: ReactNode;
}

/** The cases in order and the one being looked at. One key keeps or changes, and the next one comes. */
export function ReviewQueue({ cases: fresh, what, isReady, onward }: ReviewQueueProps) {
  const { session, project, classes: all, may } = useProject();
  // The list stays as it was opened: a decision must not move what is under the hand.
  const [cases, setCases] = useState(fresh);
  const [done, setDone] = useState<ReadonlySet<number>>(new Set());
  const [position, setPosition] = useState(0);
  const shownAt = useRef(performance.now());
  useEffect(() => {
    if (cases.length === 0 && fresh.length > 0) setCases(fresh);
  }, [cases.length, fresh]);
  const shown: ReviewCase | undefined = cases[position];

  const show = (at: number) => {
    if (at < 0 || at >= cases.length) return;
    setPosition(at);
    shownAt.current = performance.now();
  };
  const decide = (classId: number | null) => {
    if (!shown || classId === null || !may("label")) return;
    confirmImages(session, {
      classId,
      indexes: [shown.index],
      kind: "assign",
      gesture: "review",
      view: "whole",
      retention: project.retention,
      secondsShown: (performance.now() - shownAt.current) / 1000,
    });
    const decided = new Set(done).add(shown.index);
    setDone(decided);
    show(nextOpen(cases, decided, position));
  };
  const undo = () => {
    void session.sync.undo();
    const last = [...done].pop();
    if (last === undefined) return;
    setDone(new Set([...done].slice(0, -1)));
    show(cases.findIndex((entry) => entry.index === last));
  };
  useScreenKeys([
    ["enter", () => decide(shown?.classId ?? null)],
    ["space", () => decide(shown?.suggestedId ?? null)],
    ["arrowright", () => show(position + 1)],
    ["arrowdown", () => show(position + 1)],
    ["arrowleft", () => show(position - 1)],
    ["arrowup", () => show(position - 1)],
    ["mod+z", undo],
    ...all
      .filter((entry) => entry.hotkey)
      .map((entry): [string, () => void] => [entry.hotkey, () => decide(entry.id)]),
  ]);

  if (!shown || done.size === cases.length) {
    const words = EMPTY[what];
    const isDone = done.size > 0;
    return (
      <div className={classes.empty}>
        <StateCard
          icon={isReady ? <IconEyeCheck size={22} /> : <IconHourglass size={22} />}
          title={isDone ? "All looked at" : isReady ? words.title : "Not cross-checked yet"}
          detail={
            isDone
              ? "Every label here was kept or changed."
              : isReady
                ? words.detail
                : "Labels are cross-checked once two classes have five labels each and the images have features."
          }
          actions={onward}
        />
      </div>
    );
  }
  return (
    <div className={classes.columns} data-testid="review">
      <CaseList cases={cases} done={done} position={position} onShow={show} />
      <CaseDetail key={shown.index} entry={shown} isDone={done.has(shown.index)} onDecide={decide} />
    </div>
  );
}
