import { Tooltip, UnstyledButton } from "@mantine/core";
import { useStore } from "zustand";
import type { LabelClass } from "../../api/types";
import { formatCount, formatPlural } from "../../lib/format";
import { shownAlone } from "../../lib/shown-alone";
import { showAlone } from "../../state/filter";
import classes from "./class-row.module.css";
import { useProject } from "./project-context";

export interface ClassTakenProps {
  entry: LabelClass;
  /** Images without a label that the model takes for the class. */
  taken: number;
}

/** How many images without a label the model takes for a class; a click shows them alone. */
export function ClassTaken({ entry, taken }: ClassTakenProps) {
  const { session } = useProject();
  const isOn = useStore(session.filter, (state) => shownAlone(state.filter).classId === entry.id);
  if (taken === 0 && !isOn) return <span />;
  const words = `${formatPlural(taken, "image")} without a label that the model takes for ${entry.name}`;
  return (
    <Tooltip label={isOn ? "Show the others again" : `Show only the ${words}`} position="right">
      <UnstyledButton
        className={`${classes.taken} num`}
        aria-label={words}
        aria-pressed={isOn}
        onClick={() => showAlone(session.filter, { classId: isOn ? null : entry.id })}
        data-testid={`class-taken-${entry.name}`}
      >
        +{formatCount(taken)}
      </UnstyledButton>
    </Tooltip>
  );
}
