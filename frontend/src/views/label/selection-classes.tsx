import { UnstyledButton } from "@mantine/core";
import { IconTagOff } from "@tabler/icons-react";
import { useStore } from "zustand";
import { shownColour } from "../../lib/palette";
import { useMapBackground } from "../common/map-background";
import { useProject } from "./project-context";
import classes from "./selection-classes.module.css";

export interface SelectionClassesProps {
  onAssign: (classId: number) => void;
  onClearLabels: () => void;
}

/** One button per class, with its key. */
export function SelectionClasses({ onAssign, onClearLabels }: SelectionClassesProps) {
  const { classes: active, session } = useProject();
  const background = useMapBackground();
  const hasLabels = useStore(session.sync.labels, (state) => state.numLabelled > 0);

  return (
    <div className={classes.box}>
      {active.length === 0 && <p className={classes.none}>Add a class on the left to label these images.</p>}
      <fieldset className={classes.buttons} aria-label="Label the selection">
        {active.map((entry) => (
          <UnstyledButton
            key={entry.id}
            className={classes.button}
            onClick={() => onAssign(entry.id)}
            data-testid={`assign-${entry.name}`}
          >
            <i style={{ background: shownColour(entry.colour, background) }} />
            <span className="truncate">{entry.name}</span>
            {entry.hotkey && <kbd>{entry.hotkey.toUpperCase()}</kbd>}
          </UnstyledButton>
        ))}
        {hasLabels && (
          <UnstyledButton className={classes.button} onClick={onClearLabels} data-testid="clear-labels">
            <IconTagOff size={12} />
            <span className="truncate">No label</span>
            <kbd>X</kbd>
          </UnstyledButton>
        )}
      </fieldset>
    </div>
  );
}
