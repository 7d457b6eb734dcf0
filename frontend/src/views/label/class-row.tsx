import { ActionIcon, Menu, Tooltip, UnstyledButton } from "@mantine/core";
import { IconArchive, IconDots, IconFocus2, IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { useStore } from "zustand";
import type { LabelClass } from "../../api/types";
import { formatCount, formatPlural } from "../../lib/format";
import { indexesOfClass } from "../../lib/selections";
import { onlyPassing } from "../../state/filter";
import { setSelection } from "../../state/selection";
import { ClassKey } from "./class-key";
import { ClassName } from "./class-name";
import classes from "./class-row.module.css";
import { ColourPicker } from "./colour-picker";
import { useProject } from "./project-context";
import type { ClassEdits } from "./use-class-edits";

export interface ClassRowProps {
  entry: LabelClass;
  count: number;
  threshold: number;
  edits: ClassEdits;
  onAssign: (classId: number) => void;
}

export function ClassRow({ entry, count, threshold, edits, onAssign }: ClassRowProps) {
  const { session, may } = useProject();
  const [isRenaming, setIsRenaming] = useState(false);
  const numSelected = useStore(session.selection, (selection) => selection.indexes.length);
  const canAssign = numSelected > 0 && may("label");
  const share = Math.min(1, count / threshold);

  return (
    <li className={classes.row} data-testid={`class-row-${entry.name}`} data-class-id={entry.id}>
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
            data-can-assign={canAssign}
            aria-label={canAssign ? `Label the selection ${entry.name}` : entry.name}
          >
            {entry.name}
          </UnstyledButton>
        </Tooltip>
      )}
      <span className={`${classes.count} num`} data-testid={`class-count-${entry.name}`}>
        {formatCount(count)}
      </span>
      <ClassKey
        entry={entry}
        isReadOnly={!may("editClasses")}
        onChange={(hotkey) => edits.change(entry.id, { hotkey })}
      />
      <RowMenu entry={entry} count={count} edits={edits} onRename={() => setIsRenaming(true)} />
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
    </li>
  );
}

interface RowMenuProps {
  entry: LabelClass;
  count: number;
  edits: ClassEdits;
  onRename: () => void;
}

function RowMenu({ entry, count, edits, onRename }: RowMenuProps) {
  const { session, may } = useProject();
  const selectAll = () => {
    const all = indexesOfClass(session.sync.labels.getState().shown, entry.id);
    const indexes = onlyPassing(session.filter, all);
    setSelection(session.selection, indexes, { gesture: "keyboard", now_ms: performance.now() });
  };
  return (
    <Menu width={190} position="bottom-start">
      <Menu.Target>
        <ActionIcon size="sm" className={classes.menu} aria-label={`More for ${entry.name}`}>
          <IconDots size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconFocus2 size={15} />} onClick={selectAll} disabled={count === 0}>
          Select its images
        </Menu.Item>
        {may("editClasses") && (
          <>
            <Menu.Item leftSection={<IconPencil size={15} />} onClick={onRename}>
              Rename
            </Menu.Item>
            <Menu.Item
              leftSection={<IconArchive size={15} />}
              onClick={() => edits.change(entry.id, { is_archived: true })}
            >
              Archive
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
