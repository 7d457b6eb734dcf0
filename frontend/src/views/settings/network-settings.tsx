import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../../api/client";
import { backbonesQuery, keys } from "../../api/queries";
import type { Backbone, Project } from "../../api/types";
import { Failure } from "../common/failure";
import { availabilityOf, BackboneList, factsOf } from "../projects/backbone-list";
import classes from "./settings.module.css";

/** The network that reads the project's images, and for admins the way to another one. */
export function NetworkSettings({ project, isReadOnly }: { project: Project; isReadOnly: boolean }) {
  const [isOpen, setIsOpen] = useState(false);
  const backbones = useQuery(backbonesQuery);
  const present = backbones.data?.find(({ name }) => name === project.backbone);
  return (
    <div className={`${classes.card} ${classes.padded}`}>
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Text fw={500}>Network that reads the images</Text>
          <Text size="xs" c="dimmed" data-testid="settings-network">
            {present ? `${present.title}, ${factsOf(present)}` : project.backbone}, at {project.input_size_px}{" "}
            px
          </Text>
        </div>
        {!isReadOnly && (
          <Button variant="default" onClick={() => setIsOpen(true)} data-testid="network-change">
            Change
          </Button>
        )}
      </Group>
      <Modal opened={isOpen} onClose={() => setIsOpen(false)} title="Change the network" size={490}>
        <NetworkForm
          project={project}
          backbones={backbones.data ?? null}
          error={backbones.error}
          onClose={() => setIsOpen(false)}
        />
      </Modal>
    </div>
  );
}

interface NetworkFormProps {
  project: Project;
  backbones: readonly Backbone[] | null;
  error: unknown;
  onClose: () => void;
}

function NetworkForm({ project, backbones, error, onClose }: NetworkFormProps) {
  const [chosen, setChosen] = useState(project.backbone);
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: () =>
      unwrap(
        api.PATCH("/api/v1/projects/{project_id}", {
          params: { path: { project_id: project.id } },
          body: { backbone: chosen },
        }),
      ),
    onSuccess: (saved) => {
      queryClient.setQueryData(keys.project(project.id), saved);
      notifications.show({ message: "The network is changed. Jobs show how far it has come." });
      onClose();
    },
  });
  const isOther = chosen !== project.backbone;
  const backbone = backbones?.find(({ name }) => name === chosen);
  return (
    <Stack gap="md">
      <div>
        <Text size="sm" fw={500} mb={6} id="backbone-label">
          Network that reads the images
        </Text>
        <BackboneList backbones={backbones} error={error} value={chosen} onChange={setChosen} />
      </div>
      {isOther && (
        <Alert color="gray" variant="light" p="sm" title="What follows" data-testid="network-effects">
          <Stack gap={6}>
            {effectsOf(project, backbone).map((effect) => (
              <Text key={effect} size="sm">
                {effect}
              </Text>
            ))}
          </Stack>
        </Alert>
      )}
      <Failure error={change.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" size="sm" onClick={onClose}>
          Keep the present one
        </Button>
        <Button
          size="sm"
          disabled={!isOther}
          loading={change.isPending}
          onClick={() => change.mutate()}
          data-testid="network-save"
        >
          Change network
        </Button>
      </Group>
    </Stack>
  );
}

/** What choosing another network sets off in a project, sentence by sentence. */
export function effectsOf(project: Project, backbone: Backbone | undefined): string[] {
  const effects: string[] = [];
  const availability = backbone ? availabilityOf(backbone) : "ready";
  if (availability === "download") effects.push("Its weights are downloaded first.");
  if (availability === "missing") {
    effects.push("No worker has its weights: nothing is computed until somebody puts the file in place.");
  }
  const numImages = project.num_images - project.num_removed;
  if (numImages > 0) {
    const images = numImages === 1 ? "the image" : `all ${numImages.toLocaleString("en-GB")} images`;
    effects.push(
      `It reads ${images} again. Then the map is laid out anew; a model is trained again on the same labels, with new predictions and crops.`,
      "Until then the present map and model stay in use.",
    );
  }
  effects.push("Labels, classes and saved selections stay as they are.");
  if (numImages > 0) {
    effects.push(
      "What the present network has read is kept, so changing back is quick. It takes disk space.",
    );
  }
  return effects;
}
