/** Classes that were archived, each with its way back. Fetched when somebody opens the list. */
import { UnstyledButton } from "@mantine/core";
import { useStore } from "zustand";
import { formatPlural } from "../../lib/format";
import classes from "./archived-classes.module.css";
import { useProject } from "./project-context";
import type { ClassEdits } from "./use-class-edits";

export function ArchivedClasses({ edits }: { edits: ClassEdits }) {
  const { archived, may, session } = useProject();
  const counts = useStore(session.sync.labels, (state) => state.counts);
  return (
    <div className={classes.list} data-testid="archived-classes">
      <p className={classes.note}>Labels of an archived class are kept and exported, but not trained on.</p>
      <ul className={classes.rows}>
        {archived.map((entry) => (
          <li key={entry.id} className={classes.row} data-testid={`archived-${entry.name}`}>
            <span className="truncate" title={entry.name}>
              {entry.name}
            </span>
            <span className={`${classes.count} num`}>{formatPlural(counts.get(entry.id) ?? 0, "label")}</span>
            {may("editClasses") && (
              <UnstyledButton
                className={classes.restore}
                onClick={() => edits.restore(entry.id)}
                aria-label={`Restore ${entry.name}`}
                data-testid={`restore-${entry.name}`}
              >
                Restore
              </UnstyledButton>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
