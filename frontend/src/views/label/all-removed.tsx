import { Button } from "@mantine/core";
import { IconPhotoOff } from "@tabler/icons-react";
import { Link } from "wouter";
import { StateCard } from "../common/states";
import { useProject } from "./project-context";

/** A map without images, because somebody took them all out. */
export function AllRemoved() {
  const { project, may } = useProject();
  return (
    <StateCard
      icon={<IconPhotoOff size={22} />}
      title="All images are removed"
      detail={
        may("removeImages")
          ? "They can be brought back with their labels, or others imported."
          : "An admin of the project can bring them back with their labels."
      }
      actions={
        may("removeImages") && (
          <Button
            component={Link}
            href={`/projects/${project.id}/settings/removed-images`}
            variant="default"
            data-testid="all-removed"
          >
            Removed images
          </Button>
        )
      }
    />
  );
}
