import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import { messageOf } from "../../api/problem";
import type { Project } from "../../api/types";
import { may } from "../../lib/permissions";

/** Ask for a training now, whatever the policy; a second request joins the one that waits. */
export function TrainNow({ project }: { project: Project }) {
  const train = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/projects/{project_id}/training", { params: { path: { project_id: project.id } } }),
      ),
    onSuccess: (job) =>
      notifications.show({
        message: job.state === "queued" ? "A training is queued." : "A training is under way.",
      }),
    onError: (error) => notifications.show({ message: `No training: ${messageOf(error)}`, color: "yellow" }),
  });
  if (!may(project.role, "train")) return <span />;
  return (
    <Button
      variant="default"
      size="sm"
      loading={train.isPending}
      onClick={() => train.mutate()}
      data-testid="train-now"
    >
      Train now
    </Button>
  );
}
