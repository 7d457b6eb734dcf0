/** The left panel: classes with colour, key and count; finding, adding, ordering and archived ones. */
import { UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronRight } from "@tabler/icons-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { useStore } from "zustand";
import { findClasses } from "../../lib/class-list";
import { formatPlural } from "../../lib/format";
import { loadLater } from "../../lib/load-later";
import { trainingProgress } from "../../lib/training-progress";
import { AddClass } from "./add-class";
import { ClassFinder } from "./class-finder";
import { ClassList } from "./class-list";
import classes from "./class-panel.module.css";
import panel from "./panel.module.css";
import { useProject } from "./project-context";
import { type ClassEdits, useClassEdits } from "./use-class-edits";

const ArchivedClasses = lazy(() =>
  loadLater(() => import("./archived-classes").then(({ ArchivedClasses }) => ({ default: ArchivedClasses }))),
);

/** From this many classes on there is a field to find one. */
const FIND_FROM = 5;

export function ClassPanel({ onAssign }: { onAssign: (classId: number) => void }) {
  const { classes: active, archived, project, session, may } = useProject();
  const counts = useStore(session.sync.labels, (state) => state.counts);
  const numLabelled = useStore(session.sync.labels, (state) => state.numLabelled);
  const hasSelection = useStore(session.selection, (selection) => selection.indexes.length > 0);
  const edits = useClassEdits();
  const [wanted, setWanted] = useState("");
  const [marked, setMarked] = useState(0);
  const threshold = project.labels_per_class_to_train;
  const progress = useMemo(
    () =>
      trainingProgress(
        active.map((entry) => counts.get(entry.id) ?? 0),
        threshold,
      ),
    [active, counts, threshold],
  );
  const headline = project.model
    ? `${formatPlural(numLabelled, "image")} labelled`
    : active.length > 0 && progress.text;
  const shown = useMemo(() => findClasses(active, wanted), [active, wanted]);
  const isFinding = wanted.trim() !== "";

  return (
    <aside className={`${panel.panel} ${classes.panel}`} aria-label="Classes" data-testid="class-panel">
      <div className={panel.head}>
        <h2 className={panel.title}>Classes</h2>
        <span
          className={`${classes.ready} num`}
          title={`A model trains when every class has ${threshold} labels`}
        >
          {headline}
        </span>
      </div>
      {active.length >= FIND_FROM && (
        <ClassFinder
          value={wanted}
          onChange={(text) => {
            setWanted(text);
            setMarked(0);
          }}
          onStep={(step) => setMarked(Math.max(0, Math.min(shown.length - 1, marked + step)))}
          onPick={() => {
            const entry = shown[marked];
            if (entry && hasSelection && may("label")) onAssign(entry.id);
            setWanted("");
          }}
          canLabel={hasSelection && may("label")}
        />
      )}
      {active.length > 0 && (
        <ClassList
          shown={shown}
          marked={isFinding ? marked : null}
          mayOrder={!isFinding && may("editClasses")}
          threshold={threshold}
          edits={edits}
          onAssign={onAssign}
        />
      )}
      {isFinding && shown.length === 0 && <p className={classes.none}>No class is called that.</p>}
      {active.length === 0 && (
        <p className={classes.none}>Classes are what you sort images into: cat, scratch, empty.</p>
      )}
      {archived.length > 0 && <Archived edits={edits} />}
      {may("editClasses") && <AddClass edits={edits} />}
    </aside>
  );
}

function Archived({ edits }: { edits: ClassEdits }) {
  const { archived } = useProject();
  const [isOpen, { toggle }] = useDisclosure(false);
  return (
    <div className={classes.archived}>
      <UnstyledButton
        className={classes.archivedHead}
        onClick={toggle}
        aria-expanded={isOpen}
        data-testid="archived-toggle"
      >
        <IconChevronRight size={13} data-open={isOpen} /> <span className="num">{archived.length}</span>{" "}
        archived
      </UnstyledButton>
      <Suspense fallback={null}>{isOpen && <ArchivedClasses edits={edits} />}</Suspense>
    </div>
  );
}
