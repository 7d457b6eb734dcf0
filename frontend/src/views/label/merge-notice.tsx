import { Button, Group } from "@mantine/core";
import type { LabelClass } from "../../api/types";
import { formatPlural } from "../../lib/format";

/** What a merge did, with the way back. */
export function mergeNotice(source: LabelClass, target: LabelClass, count: number, onUndo: () => void) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <span>
        <b>{source.name}</b> went into <b>{target.name}</b> with {formatPlural(count, "image")}.
      </span>
      <Button variant="default" onClick={onUndo} data-testid="merge-undo">
        Undo
      </Button>
    </Group>
  );
}
