import { Button, Group, Modal, Select, Text } from "@mantine/core";
import { useState } from "react";
import type { LabelClass } from "../../api/types";
import { formatPlural } from "../../lib/format";
import { useProject } from "./project-context";

export interface MergeDialogProps {
  source: LabelClass;
  count: number;
  isOpen: boolean;
  onClose: () => void;
  onMerge: (source: LabelClass, target: LabelClass) => Promise<void>;
}

/** Asks which class another one goes into, and says what that does. */
export function MergeDialog({ source, count, isOpen, onClose, onMerge }: MergeDialogProps) {
  const { classes: active } = useProject();
  const [targetId, setTargetId] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const others = active.filter((entry) => entry.id !== source.id);
  const target = others.find((entry) => String(entry.id) === targetId);
  const merge = async () => {
    if (!target) return;
    setIsBusy(true);
    await onMerge(source, target);
    setIsBusy(false);
    onClose();
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title={`Merge ${source.name} into another class`} size="sm">
      <Select
        data-autofocus
        searchable
        selectFirstOptionOnChange
        openOnFocus={false}
        label="Into"
        placeholder="Choose a class"
        data={others.map((entry) => ({ value: String(entry.id), label: entry.name }))}
        value={targetId}
        onChange={setTargetId}
        data-testid="merge-target"
      />
      <Text size="sm" c="dimmed" mt="sm">
        {target
          ? `${formatPlural(count, "image")} of ${source.name} will be labelled ${target.name} in your name, and ${source.name} is archived. Both can be undone.`
          : "All its images get the other class, and it is archived. Both can be undone."}
      </Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button onClick={() => void merge()} disabled={!target} loading={isBusy} data-testid="merge-confirm">
          Merge
        </Button>
      </Group>
    </Modal>
  );
}
