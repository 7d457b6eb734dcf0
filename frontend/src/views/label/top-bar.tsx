import { ActionIcon, Menu, Tooltip, UnstyledButton, VisuallyHidden } from "@mantine/core";
import {
  IconChecks,
  IconChevronLeft,
  IconDots,
  IconDownload,
  IconEyeCheck,
  IconHelp,
  IconHistory,
  IconPhotoPlus,
  IconSearch,
  IconSettings,
  IconTimeline,
} from "@tabler/icons-react";
import { Link } from "wouter";
import { UserMenu } from "../common/user-menu";
import { ColourControl } from "./colour-control";
import { CropControl } from "./crop-control";
import { FilterControl } from "./filter-control";
import { KeyCap } from "./key-cap";
import type { LabelIntents } from "./label-actions";
import { LayoutSwitch } from "./layout-switch";
import { PresenceList } from "./presence-list";
import { useProject } from "./project-context";
import classes from "./top-bar.module.css";

export interface TopBarProps {
  onHelp: () => void;
  onPalette: () => void;
  onGo: LabelIntents["go"];
  onImport: () => void;
}

export function TopBar({ onHelp, onPalette, onGo, onImport }: TopBarProps) {
  const { project, may } = useProject();
  return (
    <header className={classes.bar}>
      <div className={classes.where}>
        <Tooltip label="All projects">
          <ActionIcon component={Link} href="/" aria-label="All projects" data-testid="back-to-projects">
            <IconChevronLeft size={18} />
          </ActionIcon>
        </Tooltip>
        <h1 className={`${classes.name} truncate`} title={project.name}>
          {project.name}
        </h1>
        {!may("label") && (
          <span className={classes.readOnly} data-testid="read-only">
            Read only
          </span>
        )}
        <Menu position="bottom-start" width={190}>
          <Menu.Target>
            <ActionIcon aria-label="Project menu" data-testid="project-menu">
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {may("import") && (
              <Menu.Item
                leftSection={<IconPhotoPlus size={15} />}
                onClick={onImport}
                data-testid="menu-import"
              >
                Import images
              </Menu.Item>
            )}
            <Menu.Item leftSection={<IconDownload size={15} />} onClick={() => onGo("export")}>
              Export labels
            </Menu.Item>
            <Menu.Item
              leftSection={<IconChecks size={15} />}
              onClick={() => onGo("confirm")}
              data-testid="menu-confirm"
            >
              Confirm predictions
            </Menu.Item>
            <Menu.Item
              leftSection={<IconEyeCheck size={15} />}
              onClick={() => onGo("review")}
              data-testid="menu-review"
            >
              Review labels
            </Menu.Item>
            <Menu.Item leftSection={<IconTimeline size={15} />} onClick={() => onGo("models")}>
              Models
            </Menu.Item>
            <Menu.Item
              leftSection={<IconHistory size={15} />}
              onClick={() => onGo("activity")}
              data-testid="menu-activity"
            >
              Activity
            </Menu.Item>
            <Menu.Item leftSection={<IconSettings size={15} />} onClick={() => onGo("settings")}>
              Project settings
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <div className={classes.controls}>
        <LayoutSwitch />
        <span className={classes.divider} />
        <CropControl />
        <span className={classes.divider} />
        <ColourControl />
        <FilterControl />
      </div>
      <div className={classes.you}>
        <PresenceList />
        <UnstyledButton className={classes.palette} onClick={onPalette} data-testid="open-palette">
          <IconSearch size={14} />
          <VisuallyHidden>Command palette</VisuallyHidden>
          <KeyCap hotkey="mod+k" />
        </UnstyledButton>
        <Tooltip label="Keys and gestures (?)">
          <ActionIcon onClick={onHelp} aria-label="Keys and gestures" data-testid="open-help">
            <IconHelp size={17} />
          </ActionIcon>
        </Tooltip>
        <UserMenu onHelp={onHelp} />
      </div>
    </header>
  );
}
