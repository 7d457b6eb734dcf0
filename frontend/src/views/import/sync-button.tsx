import { Button, Group, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import { messageOf } from "../../api/problem";
import { keys } from "../../api/queries";
import type { Import } from "../../api/types";

/** Reads a folder or bucket again for what is new, changed or gone. Uploads have none. */
export function SyncButton({ projectId, source }: { projectId: number; source: Import }) {
  const queryClient = useQueryClient();
  const sync = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/projects/{project_id}/imports/{import_id}/sync", {
          params: { path: { project_id: projectId, import_id: source.id } },
        }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.imports(projectId) }),
  });
  if (source.kind !== "folder" && source.kind !== "bucket") return null;
  return (
    <Group gap="sm" mt="sm">
      <Button
        variant="default"
        leftSection={<IconRefresh size={15} />}
        loading={sync.isPending}
        onClick={() => sync.mutate()}
        data-testid="import-sync"
      >
        Sync again
      </Button>
      <Text size="xs" c={sync.error ? "red" : "dimmed"} role={sync.error ? "alert" : undefined} flex={1}>
        {sync.error ? messageOf(sync.error) : "Reads what is new or changed, and says what is gone."}
      </Text>
    </Group>
  );
}
