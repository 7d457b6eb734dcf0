import { Button } from "@mantine/core";
import { IconChecks } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import { START, suggestionPageQuery } from "../../api/suggestion-queries";
import type { LabelClass } from "../../api/types";
import { formatPlural } from "../../lib/format";
import { ErrorScreen, LoadingScreen, StateCard } from "../common/states";
import { useScreenKeys } from "../common/use-screen-keys";
import { useProject } from "../label/project-context";
import classes from "./confirm.module.css";
import { confirmImages, toggled } from "./confirm-gestures";
import { PageHead } from "./page-head";
import { confidenceRange, waitingOf } from "./page-words";
import { PickGrid } from "./pick-grid";
import { usePageView } from "./use-page-view";

const NONE: ReadonlySet<number> = new Set();

/** Pages of images predicted as one class, most certain first. Wrong ones are picked out, Enter takes the rest. */
export function ConfirmPages({ entry }: { entry: LabelClass }) {
  const { project, session, classes: all, may } = useProject();
  const [cursors, setCursors] = useState<readonly number[]>([START]);
  const after = cursors[cursors.length - 1];
  const page = useQuery(suggestionPageQuery(project.id, entry.id, after));
  const labels = useStore(session.sync.labels, (state) => state.shown);
  const [wrong, setWrong] = useState(NONE);
  const view = usePageView();
  const shownAt = useRef(performance.now());
  const ranked = useRef<number | null>(null);

  const removed = useStore(session.map, (state) => state.data?.removed ?? null);
  const items = useMemo(
    () => page.data?.items.filter(({ index }) => !removed?.[index]) ?? [],
    [page.data, removed],
  );
  const waiting = useMemo(
    () =>
      waitingOf(
        items.map((item) => item.index),
        labels,
      ),
    [items, labels],
  );
  const sure = useMemo(() => new Map(items.map((item) => [item.index, item.confidence])), [items]);
  const confidences = waiting.map((index) => sure.get(index) ?? 0);
  const right = waiting.filter((index) => !wrong.has(index));
  const dropped = waiting.filter((index) => wrong.has(index));

  useEffect(() => {
    if (!page.data) return;
    shownAt.current = performance.now();
    // A cursor is a place in one model's ranking: with another model the pages start again.
    if (ranked.current !== null && ranked.current !== page.data.model_version) setCursors([START]);
    ranked.current = page.data.model_version;
  }, [page.data]);

  const goOn = () => {
    setWrong(NONE);
    setCursors((before) => [...before, page.data?.next ?? Number.MAX_SAFE_INTEGER]);
  };
  const goBack = () => {
    setWrong(NONE);
    setCursors((before) => (before.length > 1 ? before.slice(0, -1) : before));
  };
  const give = (classId: number, indexes: readonly number[], kind: "accept" | "assign") =>
    confirmImages(session, {
      classId,
      indexes,
      kind,
      view: view.isCropped ? "crop" : "whole",
      retention: project.retention,
      secondsShown: (performance.now() - shownAt.current) / 1000,
    });
  const accept = () => {
    if (!may("label")) return;
    if (right.length > 0) give(entry.id, right, "accept");
    goOn();
  };
  const relabel = (classId: number) => {
    if (!may("label") || dropped.length === 0) return;
    give(classId, dropped, "assign");
    setWrong(NONE);
  };
  const undo = () => {
    void session.sync.undo();
    if (waiting.length === items.length) goBack();
  };
  useScreenKeys([
    ["enter", accept],
    ["mod+z", undo],
    [".", goOn],
    [",", goBack],
    ["v", view.toggleCrop],
    ["escape", () => setWrong(NONE)],
    ...all
      .filter((other) => other.hotkey && !["v", "x"].includes(other.hotkey))
      .map((other): [string, () => void] => [other.hotkey, () => relabel(other.id)]),
  ]);

  if (page.error) return <ErrorScreen title="The page could not be read" error={page.error} />;
  if (!page.data) return <LoadingScreen what="page" />;
  if (waiting.length === 0)
    return (
      <Done
        entry={entry}
        hasMore={page.data.next !== null}
        onNext={goOn}
        onRestart={() => setCursors([START])}
      />
    );

  return (
    <section className={classes.pages} aria-label={`Predicted ${entry.name}`}>
      <PageHead
        entry={entry}
        facts={[
          formatPlural(waiting.length, "image"),
          confidenceRange(confidences),
          `${formatPlural(page.data.num_after, "more", "more")} behind`,
        ]}
        view={view}
        dropped={dropped.length}
        right={right.length}
        hasBack={cursors.length > 1}
        onAccept={accept}
        onSkip={goOn}
        onBack={goBack}
        onRelabel={relabel}
      />
      <PickGrid
        label={`Images predicted ${entry.name}; pick the wrong ones`}
        indexes={waiting}
        notes={confidences.map((value) => (100 * value).toFixed(1))}
        picked={wrong}
        tone="wrong"
        isCropped={view.isCropped}
        tilePx={view.tilePx}
        onToggle={(indexes) => setWrong((before) => toggled(before, indexes))}
      />
    </section>
  );
}

interface DoneProps {
  entry: LabelClass;
  hasMore: boolean;
  onNext: () => void;
  onRestart: () => void;
}

function Done({ entry, hasMore, onNext, onRestart }: DoneProps) {
  return (
    <div className={classes.empty}>
      <StateCard
        icon={<IconChecks size={22} />}
        title={hasMore ? "This page is done" : `Nothing left in ${entry.name}`}
        detail={
          hasMore
            ? "Every image of it has a label."
            : "Every image predicted so has a label or was looked at. Left-out ones stay unlabelled."
        }
        actions={
          <>
            {hasMore && <Button onClick={onNext}>Next page</Button>}
            <Button variant="default" onClick={onRestart}>
              From the start
            </Button>
          </>
        }
      />
    </div>
  );
}
