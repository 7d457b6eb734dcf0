import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { ReactNode } from "react";

const OFFERED_MS = 15_000;

/** Say what was done and offer the way back. `action` names the kind, `id` what it was done to. */
export function offerUndo(action: string, id: number, what: ReactNode, undo: () => void): void {
  const back = () => {
    withdrawUndo(action, id);
    undo();
  };
  const message = (
    <Group justify="space-between" wrap="nowrap">
      <span>{what}</span>
      <Button variant="default" flex="none" onClick={back} data-testid={`${action}-undo`}>
        Undo
      </Button>
    </Group>
  );
  notifications.show({ id: noticeOf(action, id), autoClose: OFFERED_MS, message });
}

/** It was undone by another way. */
export function withdrawUndo(action: string, id: number): void {
  notifications.hide(noticeOf(action, id));
}

const noticeOf = (action: string, id: number) => `${action}-${id}`;
