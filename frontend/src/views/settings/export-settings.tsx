import { Alert, Button, Group, Text } from "@mantine/core";
import { IconDownload, IconPackageExport } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api, unwrap } from "../../api/client";
import { messageOf } from "../../api/problem";
import { keys } from "../../api/queries";
import type { ExportRequest, Project } from "../../api/types";
import { exportCommand, exportUrl, formatOf, needsJob, relevantOptions } from "../../lib/export-link";
import { CopyLine } from "./copy-line";
import { ExportFiles } from "./export-files";
import { ExportOptions } from "./export-options";
import classes from "./settings.module.css";

const NEEDS_MODEL = new Set(["yolo_detect"]);

export function ExportSettings({ project }: { project: Project }) {
  const queryClient = useQueryClient();
  const [options, setOptions] = useState<ExportRequest>({
    format: "csv",
    retention: project.retention,
    labelled: "all",
    pictures: "whole",
    validation_share: 0.2,
    fill_with_predictions: false,
    class_id: [],
  });
  const make = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/projects/{project_id}/exports", {
          params: { path: { project_id: project.id } },
          body: relevantOptions(options),
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.exports(project.id) }),
  });
  const choice = formatOf(options.format ?? "csv");
  const mustWait = needsJob(options, project.num_images - project.num_removed);
  const wantsModel =
    NEEDS_MODEL.has(choice.value) || (choice.mayCrop === true && options.pictures === "cropped");
  const cannot = wantsModel && project.model === null;

  return (
    <>
      <div>
        <h2 className={classes.title}>Export</h2>
        <p className={classes.lead}>
          Labels, predictions and weak boxes as they are after action {project.label_sequence}. An export can
          be repeated byte for byte later, whatever was labelled since.
        </p>
      </div>
      <ExportOptions project={project} options={options} onChange={setOptions} />
      {cannot && (
        <Alert color="gray" variant="light" data-testid="export-needs-model">
          Crops and weak boxes come from a model, and there is none yet.
        </Alert>
      )}
      {make.error && (
        <Alert color="red" variant="light" role="alert">
          {messageOf(make.error)}
        </Alert>
      )}
      <Group justify="flex-end" gap="xs">
        {mustWait && (
          <Text size="xs" c="dimmed" flex={1}>
            Many pictures: the file is made in the background and waits for you below.
          </Text>
        )}
        <Button
          variant={mustWait ? "filled" : "default"}
          size="sm"
          leftSection={<IconPackageExport size={16} />}
          loading={make.isPending}
          disabled={cannot}
          onClick={() => make.mutate()}
          data-testid="export-make"
        >
          Make in the background
        </Button>
        {!mustWait && (
          <Button
            component="a"
            href={cannot ? undefined : exportUrl(project.id, options)}
            download
            size="sm"
            disabled={cannot}
            leftSection={<IconDownload size={16} />}
            data-testid="export-download"
          >
            Download
          </Button>
        )}
      </Group>
      <ExportFiles project={project} />
      <div>
        <Text size="sm" fw={500} mb={4}>
          From a program
        </Text>
        <Text size="xs" c="dimmed" mb={8}>
          With a token of scope read from <Link href="/account/tokens">API tokens</Link>. The headers of the
          answer say which labels, model and images these are.
        </Text>
        <CopyLine text={exportCommand(project.id, options, window.location.origin)} testId="export-command" />
      </div>
    </>
  );
}
