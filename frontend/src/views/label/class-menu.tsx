import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconArchive,
  IconArrowDown,
  IconArrowMerge,
  IconArrowUp,
  IconDots,
  IconFilter,
  IconFocus2,
  IconPencil,
} from "@tabler/icons-react";
import type { LabelClass } from "../../api/types";
import { indexesOfClass } from "../../lib/selections";
import { changeFilter, onlyPassing } from "../../state/filter";
import { setSelection } from "../../state/selection";
import classes from "./class-row.module.css";
import { MergeDialog } from "./merge-dialog";
import { useProject } from "./project-context";
import type { ClassEdits } from "./use-class-edits";

export interface ClassMenuProps {
  entry: LabelClass;
  count: number;
  edits: ClassEdits;
  onRename: () => void;
  onMove?: ((step: number) => void) | undefined;
}

/** What else can be done with a class. */
export function ClassMenu({ entry, count, edits, onRename, onMove }: ClassMenuProps) {
  const { session, may, classes: active } = useProject();
  const [isMerging, merging] = useDisclosure(false);
  const select = (column: Int32Array | null | undefined) => {
    const indexes = onlyPassing(session.filter, indexesOfClass(column ?? new Int32Array(), entry.id));
    setSelection(session.selection, indexes, { gesture: "keyboard", now_ms: performance.now() });
  };
  const hasModel = session.map.getState().data?.predictedClass != null;
  return (
    <>
      <Menu width={205} position="bottom-start">
        <Menu.Target>
          <ActionIcon
            size="sm"
            className={classes.menu}
            aria-label={`More for ${entry.name}`}
            data-testid={`class-menu-${entry.name}`}
          >
            <IconDots size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconFocus2 size={15} />}
            onClick={() => select(session.sync.labels.getState().shown)}
            disabled={count === 0}
          >
            Select its images
          </Menu.Item>
          <Menu.Item
            leftSection={<IconFocus2 size={15} />}
            onClick={() => select(session.map.getState().data?.predictedClass)}
            disabled={!hasModel}
          >
            Select those predicted
          </Menu.Item>
          <Menu.Item
            leftSection={<IconFilter size={15} />}
            onClick={() => changeFilter(session.filter, { labels: [entry.id] })}
          >
            Show only these
          </Menu.Item>
          {may("editClasses") && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconPencil size={15} />} onClick={onRename}>
                Rename
              </Menu.Item>
              {onMove && (
                <>
                  <Menu.Item leftSection={<IconArrowUp size={15} />} onClick={() => onMove(-1)}>
                    Move up
                  </Menu.Item>
                  <Menu.Item leftSection={<IconArrowDown size={15} />} onClick={() => onMove(1)}>
                    Move down
                  </Menu.Item>
                </>
              )}
              <Menu.Item
                leftSection={<IconArrowMerge size={15} />}
                onClick={merging.open}
                disabled={active.length < 2}
                data-testid="class-merge"
              >
                Merge into another
              </Menu.Item>
              <Menu.Item
                leftSection={<IconArchive size={15} />}
                onClick={() => edits.archive(entry, count)}
                data-testid="class-archive"
              >
                Archive
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <MergeDialog
        source={entry}
        count={count}
        isOpen={isMerging}
        onClose={merging.close}
        onMerge={edits.merge}
      />
    </>
  );
}
