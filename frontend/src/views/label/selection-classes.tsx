import { UnstyledButton } from "@mantine/core";
import { IconTagOff } from "@tabler/icons-react";
import { useStore } from "zustand";
import { ClassButtons } from "./class-buttons";
import buttons from "./class-buttons.module.css";
import { useProject } from "./project-context";
import classes from "./selection-classes.module.css";

export interface SelectionClassesProps {
  onAssign: (classId: number) => void;
  onClearLabels: () => void;
}

/** What to do with the selection: give it a class, or take its labels away. */
export function SelectionClasses({ onAssign, onClearLabels }: SelectionClassesProps) {
  const { classes: active, session } = useProject();
  const hasLabels = useStore(session.sync.labels, (state) => state.numLabelled > 0);
  return (
    <div className={classes.box}>
      {active.length === 0 && <p className={classes.none}>Add a class on the left to label these images.</p>}
      <ClassButtons classes={active} onAssign={onAssign}>
        {hasLabels && (
          <UnstyledButton className={buttons.button} onClick={onClearLabels} data-testid="clear-labels">
            <IconTagOff size={12} />
            <span className="truncate">No label</span>
            <kbd>X</kbd>
          </UnstyledButton>
        )}
      </ClassButtons>
    </div>
  );
}
