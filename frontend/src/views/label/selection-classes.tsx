import { UnstyledButton } from "@mantine/core";
import { IconTagOff } from "@tabler/icons-react";
import { useMemo } from "react";
import { useStore } from "zustand";
import { offeredClasses } from "../../lib/class-list";
import { formatCount } from "../../lib/format";
import { summarize } from "../../lib/guard";
import { ClassButtons } from "./class-buttons";
import buttons from "./class-buttons.module.css";
import { useProject } from "./project-context";
import classes from "./selection-classes.module.css";

/** More classes than this are found by typing. */
const MAX_OFFERED = 11;

export interface SelectionClassesProps {
  onAssign: (classId: number) => void;
  onClearLabels: () => void;
}

/** What to do with the selection: give it a class, or take its labels away. */
export function SelectionClasses({ onAssign, onClearLabels }: SelectionClassesProps) {
  const { classes: active, session } = useProject();
  const indexes = useStore(session.selection, (selection) => selection.indexes);
  const predictions = useStore(session.map, (state) => state.data?.predictedClass ?? null);
  const offered = useMemo(() => {
    const guesses = summarize(indexes, new Int32Array(), predictions).predictions;
    return offeredClasses(active, guesses, MAX_OFFERED);
  }, [active, indexes, predictions]);
  const numMore = active.length - offered.length;
  const hasLabels = useStore(session.sync.labels, (state) => state.numLabelled > 0);
  return (
    <div className={classes.box}>
      {active.length === 0 && <p className={classes.none}>Add a class on the left to label these images.</p>}
      <ClassButtons classes={offered} onAssign={onAssign}>
        {hasLabels && (
          <UnstyledButton className={buttons.button} onClick={onClearLabels} data-testid="clear-labels">
            <IconTagOff size={12} />
            <span className="truncate">No label</span>
            <kbd>X</kbd>
          </UnstyledButton>
        )}
        {numMore > 0 && (
          <UnstyledButton
            className={buttons.button}
            onClick={() =>
              session.screen.setState({ findClassRequest: session.screen.getState().findClassRequest + 1 })
            }
            data-testid="more-classes"
          >
            <span className="truncate">{formatCount(numMore)} more</span>
            <kbd>/</kbd>
          </UnstyledButton>
        )}
      </ClassButtons>
    </div>
  );
}
