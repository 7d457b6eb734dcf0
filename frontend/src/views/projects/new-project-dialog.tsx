import { Button, Group, Modal, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { api, unwrap } from "../../api/client";
import { ProjectInLimits } from "../../api/limits.gen";
import { backbonesQuery, keys } from "../../api/queries";
import type { SaliencyMethod } from "../../api/types";
import { Failure } from "../common/failure";
import { SaliencySelect } from "../common/saliency-select";
import { BackboneList } from "./backbone-list";

const DEFAULT_LABELS_PER_CLASS = 100;

export function NewProjectDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="New project" size={490}>
      <NewProjectForm />
    </Modal>
  );
}

function NewProjectForm() {
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const [threshold, setThreshold] = useState<string | number>(DEFAULT_LABELS_PER_CLASS);
  const [method, setMethod] = useState<SaliencyMethod>("labeler");
  const backbones = useQuery(backbonesQuery);
  const queryClient = useQueryClient();
  const [, navigate] = useLocation();
  const backbone = chosen ?? backbones.data?.find((known) => known.is_default)?.name ?? null;

  const create = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/projects", {
          body: {
            name,
            backbone,
            labels_per_class_to_train: Number(threshold),
            saliency_method: method,
          },
        }),
      ),
    onSuccess: async (project) => {
      await queryClient.invalidateQueries({ queryKey: keys.projects });
      navigate(`/projects/${project.id}`);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Name"
          size="sm"
          placeholder="Street scenes, spring"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={ProjectInLimits.name.maxLength}
          required
          withAsterisk={false}
          data-autofocus
          data-testid="project-name"
        />
        <div>
          <Text size="sm" fw={500} mb={6} id="backbone-label">
            Network that reads the images
          </Text>
          <BackboneList
            backbones={backbones.data ?? null}
            error={backbones.error}
            value={backbone}
            onChange={setChosen}
          />
        </div>
        <NumberInput
          label="Labels per class before training starts"
          description="A model trains by itself when every class has this many, a provisional one already at 10. Small datasets want fewer, such as 20."
          size="sm"
          value={threshold}
          onChange={setThreshold}
          min={ProjectInLimits.labels_per_class_to_train.minimum}
          max={ProjectInLimits.labels_per_class_to_train.maximum}
          allowDecimal={false}
          data-testid="project-threshold"
        />
        <SaliencySelect value={method} onChange={setMethod} />
        <Failure error={create.error} />
        <Group justify="flex-end">
          <Button
            type="submit"
            size="sm"
            loading={create.isPending}
            disabled={!name.trim()}
            data-testid="project-create"
          >
            Create project
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
