import { Button, Group, Modal, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useStore } from "zustand";
import { messageOf } from "../../api/problem";
import { removeImages, restoreImages } from "../../api/removals";
import { formatCount, formatPlural } from "../../lib/format";
import { randomId } from "../../lib/uuid";
import type { ProjectSession } from "../../state/project-session";
import { clearSelection } from "../../state/selection";
import { useProject } from "./project-context";
import { offerUndo } from "./undo-notice";

/** Asks once, and says what is lost from sight and that nothing is deleted. */
export function RemoveDialog() {
  const { session } = useProject();
  const isOpen = useStore(session.screen, (screen) => screen.isRemoveOpen);
  const count = useStore(session.selection, (selection) => selection.indexes.length);
  const close = () => session.screen.setState({ isRemoveOpen: false });
  return (
    <Modal
      opened={isOpen && count > 0}
      onClose={close}
      title={`Remove ${formatPlural(count, "image")} from the project?`}
      size="sm"
      data-testid="remove-dialog"
    >
      <Question onClose={close} />
    </Modal>
  );
}

function Question({ onClose }: { onClose: () => void }) {
  const { session } = useProject();
  const indexes = useStore(session.selection, (selection) => selection.indexes);
  const labels = useStore(session.sync.labels, (state) => state.shown);
  const [isBusy, setIsBusy] = useState(false);
  const numLabelled = indexes.reduce((sum, index) => sum + (labels[index] ? 1 : 0), 0);
  const remove = async () => {
    setIsBusy(true);
    await removeShown(session, indexes);
    setIsBusy(false);
    onClose();
  };
  return (
    <>
      <Text size="sm" data-testid="remove-what">
        {labelledWords(numLabelled, indexes.length)} They are shown, counted, exported and trained on no more,
        for everybody in the project.
      </Text>
      <Text size="sm" c="dimmed" mt="xs">
        Nothing is deleted: they can be brought back with their labels at any time, under Settings, Removed
        images.
      </Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          data-autofocus
          color="red"
          onClick={() => void remove()}
          loading={isBusy}
          data-testid="remove-confirm"
        >
          Remove {formatPlural(indexes.length, "image")}
        </Button>
      </Group>
    </>
  );
}

function labelledWords(numLabelled: number, count: number): string {
  if (numLabelled === 0) return count === 1 ? "It has no label." : "None of them has a label.";
  if (count === 1) return "It has a label.";
  return numLabelled === count
    ? `All ${formatCount(count)} have a label.`
    : `${formatCount(numLabelled)} of them ${numLabelled === 1 ? "has" : "have"} a label.`;
}

async function removeShown(session: ProjectSession, indexes: Uint32Array): Promise<void> {
  const { projectId } = session;
  try {
    const { id, image_indexes: removed } = await removeImages(projectId, indexes, randomId());
    session.refreshMap();
    clearSelection(session.selection);
    session.screen.setState({ lastLabel: null });
    if (removed.length === 0) return;
    const what = `${formatPlural(removed.length, "image")} removed from the project.`;
    offerUndo("remove", id, what, () => void restoreShown(session, removed));
  } catch (error) {
    notifications.show({ message: `Nothing was removed: ${messageOf(error)}`, color: "yellow" });
  }
}

/** Exactly those that one removal took out. */
async function restoreShown(session: ProjectSession, removed: number[]): Promise<void> {
  try {
    await restoreImages(session.projectId, { image_indexes: removed });
    session.refreshMap();
  } catch (error) {
    notifications.show({ message: `They were not brought back: ${messageOf(error)}`, color: "yellow" });
  }
}
