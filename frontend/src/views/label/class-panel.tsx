/** The left panel: classes with colour, key and count; adding, finding and archived ones. */
import { Collapse, ScrollArea, TextInput, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronRight, IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useStore } from "zustand";
import { formatPlural } from "../../lib/format";
import { trainingProgress } from "../../lib/training-progress";
import { AddClass } from "./add-class";
import classes from "./class-panel.module.css";
import { ClassRow } from "./class-row";
import panel from "./panel.module.css";
import { useProject } from "./project-context";
import { useClassEdits } from "./use-class-edits";

/** From this many classes on there is a field to find one. */
const FIND_FROM = 10;

export function ClassPanel({ onAssign }: { onAssign: (classId: number) => void }) {
  const { classes: active, archived, project, session, may } = useProject();
  const counts = useStore(session.sync.labels, (state) => state.counts);
  const numLabelled = useStore(session.sync.labels, (state) => state.numLabelled);
  const edits = useClassEdits();
  const [wanted, setWanted] = useState("");
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
  const needle = wanted.trim().toLowerCase();
  const shown = needle ? active.filter((entry) => entry.name.toLowerCase().includes(needle)) : active;

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
        <TextInput
          className={classes.find}
          leftSection={<IconSearch size={13} />}
          placeholder="Find a class"
          aria-label="Find a class"
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
      )}
      <ScrollArea.Autosize className={classes.scroll} type="auto" scrollbarSize={6} scrollbars="y">
        <ul className={classes.list}>
          {shown.map((entry) => (
            <ClassRow
              key={entry.id}
              entry={entry}
              count={counts.get(entry.id) ?? 0}
              threshold={threshold}
              edits={edits}
              onAssign={onAssign}
            />
          ))}
        </ul>
        {needle && shown.length === 0 && <p className={classes.none}>No class is called that.</p>}
        {active.length === 0 && (
          <p className={classes.none}>Classes are what you sort images into: cat, scratch, empty.</p>
        )}
        {archived.length > 0 && <Archived edits={edits} />}
      </ScrollArea.Autosize>
      {may("editClasses") && <AddClass edits={edits} />}
    </aside>
  );
}

function Archived({ edits }: { edits: ReturnType<typeof useClassEdits> }) {
  const { archived, may } = useProject();
  const [isOpen, { toggle }] = useDisclosure(false);
  return (
    <div className={classes.archived}>
      <UnstyledButton className={classes.archivedHead} onClick={toggle} aria-expanded={isOpen}>
        <IconChevronRight size={13} data-open={isOpen} /> Archived ({archived.length})
      </UnstyledButton>
      <Collapse expanded={isOpen}>
        {archived.map((entry) => (
          <div key={entry.id} className={classes.archivedRow}>
            <span className="truncate">{entry.name}</span>
            {may("editClasses") && (
              <UnstyledButton
                className={classes.restore}
                onClick={() => edits.change(entry.id, { is_archived: false })}
              >
                Restore
              </UnstyledButton>
            )}
          </div>
        ))}
      </Collapse>
    </div>
  );
}
