import { Button, Group, Slider, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, unwrap } from "../../api/client";
import { ProjectPatchLimits } from "../../api/limits.gen";
import { messageOf } from "../../api/problem";
import { keys } from "../../api/queries";
import type { Project } from "../../api/types";
import { may } from "../../lib/permissions";
import { positionOfRetention, retentionLabel, retentionOfPosition, SLIDER_MAX } from "../../lib/retention";
import { SaliencySelect } from "../common/saliency-select";
import { ArchiveProject } from "./archive-project";
import { NetworkSettings } from "./network-settings";
import { type ProjectionChoice, ProjectionOptions } from "./projection-options";
import classes from "./settings.module.css";

export function GeneralSettings({ project }: { project: Project }) {
  const queryClient = useQueryClient();
  const [name, setName] = useState(project.name);
  const [retention, setRetention] = useState(project.retention);
  const [method, setMethod] = useState(project.saliency_method);
  const [map, setMap] = useState<ProjectionChoice>({
    projection_embedding: project.projection_embedding,
    projection_uses_labels: project.projection_uses_labels,
  });
  const isReadOnly = !may(project.role, "editProject");

  const save = useMutation({
    mutationFn: () =>
      unwrap(
        api.PATCH("/api/v1/projects/{project_id}", {
          params: { path: { project_id: project.id } },
          body: {
            name,
            retention,
            saliency_method: method,
            ...map,
          },
        }),
      ),
    onSuccess: (saved) => {
      queryClient.setQueryData(keys.project(project.id), saved);
      const isSameMap = Object.entries(map).every(
        ([key, value]) => project[key as keyof ProjectionChoice] === value,
      );
      const layout = isSameMap ? "" : " The map is being laid out anew; until then the last one stays.";
      notifications.show({ message: `Settings saved.${layout}` });
    },
    onError: (error) => notifications.show({ message: messageOf(error), color: "red" }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };

  return (
    <>
      <div>
        <h2 className={classes.title}>General</h2>
        <p className={classes.lead}>How this project looks at its images.</p>
      </div>
      <form onSubmit={submit} className={`${classes.card} ${classes.padded}`}>
        <fieldset disabled={isReadOnly} style={{ all: "unset", display: "block" }}>
          <Stack gap="lg">
            <TextInput
              label="Name"
              size="sm"
              value={name}
              maxLength={ProjectPatchLimits.name.maxLength}
              required
              withAsterisk={false}
              onChange={(event) => setName(event.currentTarget.value)}
              data-testid="settings-name"
            />
            <SaliencySelect value={method} onChange={setMethod} effect="Takes effect with the next model." />
            <div>
              <Text size="sm" fw={500}>
                Crop margin of the crop map: {retentionLabel(retention)}
              </Text>
              <Text size="xs" c="dimmed" mb={10}>
                The share of each image's attention that its crop keeps. Takes effect with the next model.
              </Text>
              <Slider
                min={0}
                max={SLIDER_MAX}
                value={positionOfRetention(retention)}
                onChange={(position) => setRetention(retentionOfPosition(position))}
                disabled={isReadOnly}
                label={null}
                thumbLabel="Crop margin of the crop map"
                size={4}
              />
            </div>
            <ProjectionOptions value={map} isReadOnly={isReadOnly} onChange={setMap} />
            {!isReadOnly && (
              <Group justify="flex-end">
                <Button type="submit" size="sm" loading={save.isPending} data-testid="settings-save">
                  Save
                </Button>
              </Group>
            )}
          </Stack>
        </fieldset>
      </form>
      <NetworkSettings project={project} isReadOnly={isReadOnly} />
      {!isReadOnly && <ArchiveProject project={project} />}
    </>
  );
}
