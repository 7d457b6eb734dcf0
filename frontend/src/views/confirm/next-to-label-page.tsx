import { Button } from "@mantine/core";
import { IconBulb } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { Link } from "wouter";
import { useStore } from "zustand";
import { nextToLabelQuery } from "../../api/suggestion-queries";
import { formatPlural } from "../../lib/format";
import { LoadingScreen, StateCard } from "../common/states";
import { useScreenKeys } from "../common/use-screen-keys";
import { useProject } from "../label/project-context";
import classes from "./confirm.module.css";
import { confirmImages, toggled } from "./confirm-gestures";
import { PageViewControls } from "./page-head";
import { waitingOf } from "./page-words";
import { PickGrid } from "./pick-grid";
import { RelabelMenu } from "./relabel-menu";
import { usePageView } from "./use-page-view";

const NONE: ReadonlySet<number> = new Set();
const WORDS = {
  diverse: "Unlike each other: a first model learns most from these.",
  uncertain: "The model doubts these, and they are unlike what has a label.",
};

/** The images to label next, best first. Picked ones get a class by its key. */
export function NextToLabelPage() {
  const { project, session, classes: all, may } = useProject();
  const next = useQuery(nextToLabelQuery(project.id));
  const labels = useStore(session.sync.labels, (state) => state.shown);
  const [picked, setPicked] = useState(NONE);
  const view = usePageView();
  const shownAt = useRef(performance.now());
  const waiting = useMemo(() => waitingOf(next.data?.image_indexes ?? [], labels), [next.data, labels]);
  const chosen = waiting.filter((index) => picked.has(index));

  const label = (classId: number) => {
    if (!may("label") || chosen.length === 0) return;
    confirmImages(session, {
      classId,
      indexes: chosen,
      kind: "assign",
      gesture: "grid",
      view: view.isCropped ? "crop" : "whole",
      retention: project.retention,
      secondsShown: (performance.now() - shownAt.current) / 1000,
    });
    setPicked(NONE);
    shownAt.current = performance.now();
  };
  useScreenKeys([
    ["mod+z", () => void session.sync.undo()],
    ["mod+a", () => setPicked(new Set(waiting))],
    ["v", view.toggleCrop],
    ["escape", () => setPicked(NONE)],
    ...all
      .filter((entry) => entry.hotkey && !["v", "x"].includes(entry.hotkey))
      .map((entry): [string, () => void] => [entry.hotkey, () => label(entry.id)]),
  ]);

  if (next.isPending) return <LoadingScreen what="order of labeling" />;
  if (!next.data || waiting.length === 0) {
    return (
      <div className={classes.empty}>
        <StateCard
          icon={<IconBulb size={22} />}
          title={next.data ? "All of these have a label" : "No order yet"}
          detail={
            next.data
              ? "The next order comes with the next model."
              : "The order of labeling appears when the images have features."
          }
          actions={
            <Button component={Link} href={`/projects/${project.id}`} variant="default">
              Back to the map
            </Button>
          }
        />
      </div>
    );
  }
  return (
    <section className={classes.pages} aria-label="Next to label">
      <header className={classes.head}>
        <div className={classes.title}>
          <h2>Next to label</h2>
          <p className="num">
            {formatPlural(next.data.num_waiting, "image")} in the order · {WORDS[next.data.kind]}
          </p>
        </div>
        <PageViewControls view={view} />
        {may("label") && (
          <div className={classes.actions}>
            <RelabelMenu count={chosen.length} without={null} onRelabel={label} />
          </div>
        )}
      </header>
      <PickGrid
        label="Images to label next; pick some and press a class key"
        indexes={waiting}
        notes={[]}
        picked={picked}
        tone="chosen"
        isCropped={view.isCropped}
        tilePx={view.tilePx}
        onToggle={(indexes) => setPicked((before) => toggled(before, indexes))}
      />
    </section>
  );
}
