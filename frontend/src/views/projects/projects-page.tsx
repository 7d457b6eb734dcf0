import { Button, SimpleGrid } from "@mantine/core";
import { useDisclosure, useDocumentTitle } from "@mantine/hooks";
import { IconLayoutGrid, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { projectsQuery } from "../../api/queries";
import { Page } from "../common/page";
import { ErrorScreen, LoadingScreen, StateCard } from "../common/states";
import { useScreenKeys } from "../common/use-screen-keys";
import { NewProjectDialog } from "./new-project-dialog";
import { ProjectCard } from "./project-card";
import classes from "./projects-page.module.css";

export function ProjectsPage() {
  useDocumentTitle("Projects · Labeler");
  const { data: projects, error, refetch } = useQuery(projectsQuery);
  const [isOpen, dialog] = useDisclosure(false);
  useScreenKeys([["n", dialog.open]]);

  const newProject = (
    <Button leftSection={<IconPlus size={15} />} onClick={dialog.open} data-testid="new-project">
      New project
    </Button>
  );

  return (
    <Page crumbs={[{ title: "Projects" }]} actions={newProject} width="wide">
      {!projects && !error && <LoadingScreen what="projects" />}
      {!projects && error && (
        <ErrorScreen title="Projects could not be read" error={error} onRetry={() => void refetch()} />
      )}
      {projects?.length === 0 && (
        <div className={classes.empty} data-testid="projects-empty">
          <StateCard
            icon={<IconLayoutGrid size={22} />}
            title="Start with a folder of images"
            detail="A project holds one dataset, its classes and the models trained on its labels. Make one, drop your images on it, and watch the map fill."
            actions={
              <Button size="sm" leftSection={<IconPlus size={16} />} onClick={dialog.open}>
                Make the first project
              </Button>
            }
          />
        </div>
      )}
      {projects && projects.length > 0 && (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing={14} data-testid="project-list">
          {projects.map((project) => (
            <ProjectCard key={project.id} project={project} />
          ))}
        </SimpleGrid>
      )}
      <NewProjectDialog isOpen={isOpen} onClose={dialog.close} />
    </Page>
  );
}
