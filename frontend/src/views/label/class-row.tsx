import { Tooltip, UnstyledButton } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { useStore } from "zustand";
import type { LabelClass } from "../../api/types";
import { formatCount, formatPlural } from "../../lib/format";
import { ClassKey } from "./class-key";
import { ClassMenu } from "./class-menu";
import { ClassName } from "./class-name";
import classes from "./class-row.module.css";
import { ClassTaken } from "./class-taken";
import { ColourPicker } from "./colour-picker";
import { useProject } from "./project-context";
import type { ClassEdits } from "./use-class-edits";

export interface ClassRowProps {
  entry: LabelClass;
  count: number;
  /** Images without a label that the model takes for the class. */
  taken: number;
  threshold: number;
  edits: ClassEdits;
  onAssign: (classId: number) => void;
  /** Moves the class in the list; -1 is up. */
  onMove?: ((step: number) => void) | undefined;
}

export function ClassRow({ entry, count, taken, threshold, edits, onAssign, onMove }: ClassRowProps) {
  const { session, may } = useProject();
  const [isRenaming, setIsRenaming] = useState(false);
  const numSelected = useStore(session.selection, (selection) => selection.indexes.length);
  const canAssign = numSelected > 0 && may("label");
  const share = Math.min(1, count / threshold);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    onMove?.(event.key === "ArrowUp" ? -1 : 1);
  };

  return (
    <div className={classes.row}>
      <ColourPicker
        entry={entry}
        isReadOnly={!may("editClasses")}
        onPick={(colour) => edits.change(entry.id, { colour })}
      />
      {isRenaming ? (
        <ClassName
          name={entry.name}
          onDone={(name) => {
            setIsRenaming(false);
            if (name !== null) edits.change(entry.id, { name });
          }}
        />
      ) : (
        <Tooltip
          label={`Label ${formatPlural(numSelected, "image")} ${entry.name}`}
          disabled={!canAssign}
          position="right"
        >
          <UnstyledButton
            className={`${classes.name} truncate`}
            onClick={() => canAssign && onAssign(entry.id)}
            onDoubleClick={() => !canAssign && may("editClasses") && setIsRenaming(true)}
            onKeyDown={onKeyDown}
            data-can-assign={canAssign}
            aria-label={canAssign ? `Label the selection ${entry.name}` : entry.name}
          >
            {entry.name}
          </UnstyledButton>
        </Tooltip>
      )}
      <ClassTaken entry={entry} taken={taken} />
      <span className={`${classes.count} num`} data-testid={`class-count-${entry.name}`}>
        {formatCount(count)}
      </span>
      <ClassKey
        entry={entry}
        isReadOnly={!may("editClasses")}
        onChange={(hotkey) => edits.change(entry.id, { hotkey })}
      />
      <ClassMenu
        entry={entry}
        count={count}
        edits={edits}
        onRename={() => setIsRenaming(true)}
        onMove={onMove}
      />
      <span
        className={classes.progress}
        role="progressbar"
        aria-label={`Labels of ${entry.name} until training`}
        aria-valuenow={Math.min(count, threshold)}
        aria-valuemin={0}
        aria-valuemax={threshold}
        data-full={share === 1}
      >
        <span style={{ width: `${100 * share}%` }} />
      </span>
    </div>
  );
}
