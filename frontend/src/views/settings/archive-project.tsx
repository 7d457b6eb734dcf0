import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { api } from "../../api/client";
import { messageOf } from "../../api/problem";
import { keys } from "../../api/queries";
import type { Project } from "../../api/types";
import classes from "./settings.module.css";

/** Asks once more before the project leaves everybody's list. */
export function ArchiveProject({ project }: { project: Project }) {
  const [isAsked, setIsAsked] = useState(false);
  const [, navigate] = useLocation();
  const queryClient = useQueryClient();
  const archive = useMutation({
    mutationFn: () =>
      api.DELETE("/api/v1/projects/{project_id}", { params: { path: { project_id: project.id } } }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.projects });
      navigate("/");
    },
    onError: (error) => notifications.show({ message: messageOf(error), color: "red" }),
  });
  return (
    <div className={`${classes.card} ${classes.padded} ${classes.danger}`}>
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Text fw={500}>Archive this project</Text>
          <Text size="xs" c="dimmed">
            It leaves everybody's list. Images and labels stay on the server; nothing is deleted.
          </Text>
        </div>
        {isAsked ? (
          <Group gap="xs" wrap="nowrap">
            <Button variant="default" onClick={() => setIsAsked(false)}>
              Keep it
            </Button>
            <Button color="red" loading={archive.isPending} onClick={() => archive.mutate()}>
              Archive
            </Button>
          </Group>
        ) : (
          <Button variant="default" onClick={() => setIsAsked(true)}>
            Archive
          </Button>
        )}
      </Group>
    </div>
  );
}
