/** What is the matter with the weights of the project's network: being fetched, or missing, with a way to try again. */
import { Alert, Button, Group, Progress, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useStore } from "zustand";
import { api, unwrap } from "../../api/client";
import { messageOf } from "../../api/problem";
import { applyJob, downloadOf, isActive, jobNumbers, jobShare } from "../../state/jobs";
import classes from "./map-notices.module.css";
import { useProject } from "./project-context";

export function WeightsNotice() {
  const { session, project } = useProject();
  const download = useStore(session.jobs, (state) => downloadOf(state.jobs));
  if (download) {
    return (
      <Alert
        className={classes.alert}
        color="blue"
        icon={<IconDownload size={17} />}
        title="The network's weights are being downloaded"
        data-testid="weights-download"
      >
        <Text size="sm" mb={8}>
          {project.backbone}, once for this machine. Images may come meanwhile; the map follows.
        </Text>
        <Group gap="sm" wrap="nowrap">
          <Progress
            value={100 * (jobShare(download) ?? 0)}
            size="sm"
            flex={1}
            aria-label="Share of the weights that has arrived"
          />
          <Text size="xs" className="num">
            {jobNumbers(download)}
          </Text>
        </Group>
      </Alert>
    );
  }
  if (!project.weights_message) return null;
  return <MissingWeights message={project.weights_message} />;
}

function MissingWeights({ message }: { message: string }) {
  const { session, may } = useProject();
  const isTrying = useStore(session.jobs, (state) =>
    state.jobs.some((job) => job.kind === "features" && isActive(job)),
  );
  const retry = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/projects/{project_id}/features", {
          params: { path: { project_id: session.projectId } },
        }),
      ),
    onSuccess: (job) => applyJob(session.jobs, job),
    onError: (error) => notifications.show({ message: messageOf(error), color: "red" }),
  });
  return (
    <Alert
      className={classes.alert}
      color="yellow"
      icon={<IconDownload size={17} />}
      title="The network's weights are missing"
      data-testid="weights-message"
    >
      {message}
      {may("import") && (
        <Button
          display="block"
          mt={8}
          size="xs"
          variant="default"
          loading={retry.isPending || isTrying}
          onClick={() => retry.mutate()}
          data-testid="weights-retry"
        >
          Try again
        </Button>
      )}
    </Alert>
  );
}
