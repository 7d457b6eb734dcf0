// Generated from the OpenAPI document by `npm run types`. Do not edit.

export interface paths {
    "/api/v1/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What admins did, on the site and in all projects, newest first (site staff) */
        get: operations["labeler_accounts_people_api_list_site_audit_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backbones": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Backbones and whether their weights are at hand */
        get: operations["labeler_datasets_api_list_backbones"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The events of the websocket
         * @description Documents the union of events sent on /ws/projects/{project_id}/; answers 404 when called.
         */
        get: operations["labeler_jobs_api_describe_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/about": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What an invitation is to; opens sign-up to this session */
        post: operations["labeler_accounts_invitation_api_about_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Join a project with an invitation */
        post: operations["labeler_accounts_invitation_api_accept_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your projects, newest first
         * @description `last_activity_at` tells which were used last; it is no cursor, since it moves while one reads.
         */
        get: operations["labeler_datasets_api_list_projects"];
        put?: never;
        /** Create a project; you become its admin */
        post: operations["labeler_datasets_api_create_project"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One project */
        get: operations["labeler_datasets_api_get_project"];
        put?: never;
        post?: never;
        /** Archive a project; nothing is deleted */
        delete: operations["labeler_datasets_api_archive_project"];
        options?: never;
        head?: never;
        /** Change a project's settings */
        patch: operations["labeler_datasets_api_update_project"];
        trace?: never;
    };
    "/api/v1/projects/{project_id}/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The log, newest first */
        get: operations["labeler_annotations_activity_api_list_activity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/annotators": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody who labelled, newest account first */
        get: operations["labeler_annotations_activity_api_list_annotators"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/arrays/{array_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One immutable array */
        get: operations["labeler_results_api_get_array"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/aspects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** uint8 aspect code of the first `count` images */
        get: operations["labeler_datasets_api_get_aspects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What admins did to people and settings, newest first */
        get: operations["labeler_accounts_invitation_api_list_audit_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/cells/{cell_px}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** BC1 thumbnail cells: a range, or chosen images */
        get: operations["labeler_datasets_api_get_cells"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Images that changed most between two model versions */
        get: operations["labeler_results_projections_api_get_changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/class-order": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Put classes in order */
        put: operations["labeler_annotations_api_order_classes"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/classes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Classes in order */
        get: operations["labeler_annotations_api_list_classes"];
        put?: never;
        /** Add a class */
        post: operations["labeler_annotations_api_create_class"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/classes/{class_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change a class */
        patch: operations["labeler_annotations_api_update_class"];
        trace?: never;
    };
    "/api/v1/projects/{project_id}/classes/{class_id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Move all images of a class to another class, and archive it */
        post: operations["labeler_annotations_api_merge_class"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/clusters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Dense places of the latest layout, with a suggested class */
        get: operations["labeler_results_projections_api_get_clusters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/crop-rates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Crop rates in force */
        get: operations["labeler_datasets_api_get_crop_rates"];
        /** Put a new version of the crop rates in force */
        put: operations["labeler_datasets_api_save_crop_rates"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/crop-rates/by-image": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** uint8 crop rate of every image: 255 = whole, else 255 times the retention */
        get: operations["labeler_results_suggestions_api_get_rates_by_image"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/disagreements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Images to which annotators gave different classes */
        get: operations["labeler_results_suggestions_api_list_disagreements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream labels, predictions and weak boxes in one of the formats
         * @description The headers say what the export is pinned to; the same `sequence`, `model_version` and `num_images` give the same bytes again, while no image is removed or restored. More than 2000 pictures: make a background export.
         */
        get: operations["labeler_exports_api_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Background exports, newest first */
        get: operations["labeler_exports_api_list_exports"];
        put?: never;
        /** Make an export in the background */
        post: operations["labeler_exports_api_create_export"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/exports/{export_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove an export and its file */
        delete: operations["labeler_exports_api_delete_export"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/exports/{export_id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The file of a finished export */
        get: operations["labeler_exports_api_download_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/features": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Look for the backbone's weights again and compute the features that are missing */
        post: operations["labeler_datasets_api_request_features"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/image-facts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** int32 (5, count): width, height, kilobytes, import, added at (s) of the first `count` images */
        get: operations["labeler_datasets_api_get_image_facts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/image-search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** int32 indexes of the images whose path holds every word of `text` */
        get: operations["labeler_datasets_api_find_images"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Images by index, cursor-paged */
        get: operations["labeler_datasets_api_list_images"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/images/{index}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One image */
        get: operations["labeler_datasets_api_get_image"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/images/{index}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Label actions that touched one image, newest first */
        get: operations["labeler_annotations_api_list_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/images/{index}/original": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The imported file */
        get: operations["labeler_datasets_api_get_original"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/images/{index}/prediction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prediction, crop box and profile of one image */
        get: operations["labeler_results_api_get_prediction"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/images/{index}/saliency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Saliency map of one image and class
         * @description A small map of the latest model to lay over the picture, enlarged smoothly: uint8 (height, width), 255 = the strongest place. Of the class of its crop by default; maps of the likeliest classes are kept.
         */
        get: operations["labeler_results_api_get_saliency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/images/{index}/thumbnail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * WebP of 256 px long side
         * @description Of a removed image only for those who may bring it back.
         */
        get: operations["labeler_datasets_api_get_thumbnail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/import-folders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Browse the server's folders that may be imported
         * @description Without `path`: the folders of IMPORT_ROOTS.
         */
        get: operations["labeler_datasets_import_api_list_import_folders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/import-sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which folders, buckets and hosts imports may read on this site, and the limits of one import */
        get: operations["labeler_datasets_import_api_get_import_sources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Imports, newest first */
        get: operations["labeler_datasets_import_api_list_imports"];
        put?: never;
        /** Open an import */
        post: operations["labeler_datasets_import_api_create_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/imports/{import_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One import */
        get: operations["labeler_datasets_import_api_get_import"];
        put?: never;
        post?: never;
        /** Discard an import that was never started, with its files */
        delete: operations["labeler_datasets_import_api_discard_import"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/imports/{import_id}/chunks/{upload_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How much of a file that comes in pieces is here */
        get: operations["labeler_datasets_import_api_get_chunks"];
        put?: never;
        /** Send the next piece of a large file; send it again if the answer was lost */
        post: operations["labeler_datasets_import_api_add_chunk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/imports/{import_id}/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How each file ended */
        get: operations["labeler_datasets_import_api_list_entries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/imports/{import_id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which files of an open import are here, so that a sender can go on
         * @description Files that still come in pieces are on the first page, with their `upload_id`.
         */
        get: operations["labeler_datasets_import_api_list_files"];
        put?: never;
        /**
         * Add files, zip or tar archives, or manifests to an open import
         * @description Relative paths come as `paths`, one for each file, in order; so may UUIDs as `upload_ids`: a file sent again under its id counts once. Archives are unpacked by the worker.
         */
        post: operations["labeler_datasets_import_api_add_files"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/imports/{import_id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start an import */
        post: operations["labeler_datasets_import_api_start_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/imports/{import_id}/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read a folder or bucket again for what is new or changed */
        post: operations["labeler_datasets_import_api_sync_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open invitations, newest first */
        get: operations["labeler_accounts_invitation_api_list_invitations"];
        put?: never;
        /** Make an invitation; its link is shown once */
        post: operations["labeler_accounts_invitation_api_create_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/invitations/{invitation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an invitation */
        delete: operations["labeler_accounts_invitation_api_revoke_invitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Jobs that are active or of the last day, newest first */
        get: operations["labeler_jobs_api_list_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One job, however old */
        get: operations["labeler_jobs_api_get_job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/jobs/{job_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a job */
        post: operations["labeler_jobs_api_cancel_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/label-actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The log, by sequence */
        get: operations["labeler_annotations_api_list_label_actions"];
        put?: never;
        /** Label or clear images */
        post: operations["labeler_annotations_api_create_label_action"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/label-actions/{sequence}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undo one action */
        post: operations["labeler_annotations_api_undo_action"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/label-facts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** int32 (4, N): annotator, people who labelled, those who agree with the label, labelled at (s) */
        get: operations["labeler_annotations_api_get_label_facts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/label-imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Label images as a file says: CSV, JSON Lines, COCO, Label Studio or FiftyOne
         * @description Pictures are found by sha256, path, or the end of a path. Labels of members become theirs; those of others become yours, with the name in the provenance. `dry_run` only says what would happen.
         */
        post: operations["labeler_annotations_label_import_api_import_label_file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/label-the-rest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accept predictions of a class at a stated precision, as one undoable action */
        post: operations["labeler_results_suggestions_api_label_the_rest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/labels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** int32 class id of every image, 0 = none; X-Label-Sequence tells how new */
        get: operations["labeler_annotations_api_get_labels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/map": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Manifest of all that the map draws */
        get: operations["labeler_results_api_get_map"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Members, who came last first */
        get: operations["labeler_accounts_api_list_members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/members/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Add a member or change a role */
        put: operations["labeler_accounts_api_set_member"];
        post?: never;
        /** Remove a member */
        delete: operations["labeler_accounts_api_remove_member"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/meter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Labels per second, and agreement */
        get: operations["labeler_annotations_activity_api_get_meter"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Model versions, newest first */
        get: operations["labeler_results_api_list_models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/models/{number}/classes/{class_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a class is to a model: its units and its picture */
        get: operations["labeler_results_api_get_class_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/models/{number}/classes/{class_id}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The drawn image that maximises a class's score */
        get: operations["labeler_results_api_get_class_picture"];
        put?: never;
        /**
         * Draw the image that maximises a class's score
         * @description 202 with the job that draws it; 204 when it is drawn already.
         */
        post: operations["labeler_results_api_draw_class_picture"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/models/{number}/probabilities/{class_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** uint8 probability of one class for every image, 255 = certain */
        get: operations["labeler_results_api_get_class_probabilities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/neighbours": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** More like this: images like one image or a selection */
        post: operations["labeler_results_suggestions_api_find_neighbours"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/next-to-label": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Unlabelled images, the best to label first */
        get: operations["labeler_results_suggestions_api_list_to_label_next"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/oddness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** float32 distance of each image from the middle of those given, by their embeddings; NaN = not known */
        post: operations["labeler_results_suggestions_api_get_oddness"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/projections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Finished layouts, newest first */
        get: operations["labeler_results_projections_api_list_projections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/redo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Redo what you undid last */
        post: operations["labeler_annotations_api_redo_last"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/removals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Removals of which images are still out, newest first */
        get: operations["labeler_results_removals_api_list_removals"];
        put?: never;
        /**
         * Remove images from the project; nothing is deleted
         * @description They are shown, counted, exported and trained on no more. Files and labels are kept, and come back.
         */
        post: operations["labeler_results_removals_api_remove_images"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/removals/{removal_id}/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Images of one removal that are still out, by index */
        get: operations["labeler_results_removals_api_list_removed_images"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/removed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** uint8, 1 where one of the first `count` images was removed */
        get: operations["labeler_results_removals_api_get_removed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/restore-images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring removed images back, with their labels */
        post: operations["labeler_results_removals_api_restore_images"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/saved-views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your views of a project, by name */
        get: operations["labeler_datasets_saved_view_api_list_saved_views"];
        put?: never;
        /** Keep a view under a name; one of the same name is replaced */
        post: operations["labeler_datasets_saved_view_api_save_view"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/saved-views/{view_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Forget one of your views */
        delete: operations["labeler_datasets_saved_view_api_forget_view"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/suggestions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Per class: images that wait, and what "label the rest" can promise */
        get: operations["labeler_results_suggestions_api_summarize_suggestions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/suggestions/{class_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Unlabelled images predicted so, most certain first, cursor-paged */
        get: operations["labeler_results_suggestions_api_list_suggestions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/suspects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Labels that the model doubts, worst first */
        get: operations["labeler_results_suggestions_api_list_suspects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/training": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Train now */
        post: operations["labeler_results_api_start_training"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undo your newest action */
        post: operations["labeler_annotations_api_undo_last"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/unreadable-images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Images whose files are missing or damaged, by index
         * @description They have no place on the map and no prediction. `POST .../features` tries them again.
         */
        get: operations["labeler_datasets_api_list_unreadable_images"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Webhooks, newest first */
        get: operations["labeler_webhooks_api_list_webhooks"];
        put?: never;
        /** Make a webhook; its secret is shown once */
        post: operations["labeler_webhooks_api_create_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/webhooks/{hook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a webhook */
        delete: operations["labeler_webhooks_api_delete_webhook"];
        options?: never;
        head?: never;
        /** Change, disable or enable a webhook */
        patch: operations["labeler_webhooks_api_update_webhook"];
        trace?: never;
    };
    "/api/v1/projects/{project_id}/webhooks/{hook_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was sent, newest first */
        get: operations["labeler_webhooks_api_list_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/webhooks/{hook_id}/deliveries/{delivery_id}/send-again": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a message again */
        post: operations["labeler_webhooks_api_send_again"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/webhooks/{hook_id}/old-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Sign with the new secret alone from now on */
        delete: operations["labeler_webhooks_api_end_old_secret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/webhooks/{hook_id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook a new secret, shown once; the old one is in use for 24 hours more
         * @description Until then messages carry two signatures, so that receivers can change over without losing any.
         */
        post: operations["labeler_webhooks_api_rotate_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/webhooks/{hook_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a test message */
        post: operations["labeler_webhooks_api_send_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in, and what the site offers */
        get: operations["labeler_accounts_api_get_session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/provider": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin to sign in with an identity provider, or to connect one */
        post: operations["labeler_accounts_api_begin_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/totp-picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** QR code of the authenticator app's secret that is being set up */
        get: operations["labeler_accounts_api_get_totp_picture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your API tokens, newest first */
        get: operations["labeler_accounts_api_list_tokens"];
        put?: never;
        /** Make an API token */
        post: operations["labeler_accounts_api_create_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API token */
        delete: operations["labeler_accounts_api_revoke_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every account, newest first (site staff) */
        get: operations["labeler_accounts_people_api_list_users"];
        put?: never;
        /** Create a user (site staff) */
        post: operations["labeler_accounts_people_api_create_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Close or open an account, or make it staff (site staff) */
        patch: operations["labeler_accounts_people_api_update_user"];
        trace?: never;
    };
    "/api/v1/users/{username}/reset-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a link with which somebody sets a new password (site staff) */
        post: operations["labeler_accounts_people_api_create_reset_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{username}/second-factors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take all second factors off an account (site staff) */
        delete: operations["labeler_accounts_people_api_remove_second_factors"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * ActionKind
         * @enum {string}
         */
        ActionKind: "assign" | "clear" | "accept" | "undo" | "redo";
        /**
         * ActivityItem
         * @description One action of the log in one line; `gesture` and `seconds_shown` say how it came about.
         */
        ActivityItem: {
            /** Annotator */
            annotator: string;
            /** Class Id */
            class_id: number | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** First Image Indexes */
            first_image_indexes: number[];
            /** Gesture */
            gesture: string;
            /** Is Undone */
            is_undone: boolean;
            kind: components["schemas"]["ActionKind"];
            /** Num Changed */
            num_changed: number;
            /** Num Images */
            num_images: number;
            /** Seconds Shown */
            seconds_shown: number | null;
            /** Sequence */
            sequence: number;
            /** Undoes */
            undoes: number | null;
        };
        /**
         * AgreementOut
         * @description Images that at least two people gave a class; Krippendorff's alpha, null where chance always agrees.
         */
        AgreementOut: {
            /** Alpha */
            alpha: number | null;
            /** Num Images */
            num_images: number;
            /** Num Unanimous */
            num_unanimous: number;
            /** Pairs */
            pairs: components["schemas"]["PairAgreement"][];
        };
        /**
         * AnnotatorOut
         * @description Somebody who labelled in the project; `id` is the number in the label facts.
         */
        AnnotatorOut: {
            /** Id */
            id: number;
            /** Username */
            username: string;
        };
        /**
         * AnnotatorSpeed
         * @description What one person gave by hand. `active_s` leaves out pauses of two minutes and more.
         */
        AnnotatorSpeed: {
            /** Active S */
            active_s: number;
            /** Annotator */
            annotator: string;
            /** Days */
            days: components["schemas"]["DayCount"][];
            /** Labels Per S */
            labels_per_s: number | null;
            /** Last At */
            last_at: string | null;
            /** Num Actions */
            num_actions: number;
            /** Num Given */
            num_given: number;
            /** Num Undone */
            num_undone: number;
        };
        /**
         * ArrayRef
         * @description Where to read an array: raw little-endian numbers in C order. Immutable when `url` names an array id.
         */
        ArrayRef: {
            /** Dtype */
            dtype: string;
            /** Name */
            name: string;
            /** Shape */
            shape: number[];
            /** Url */
            url: string;
        };
        /**
         * AuditOut
         * @description `action` is like `member.set`; `detail` says of whom and what; no project: something of the whole site.
         */
        AuditOut: {
            /** Action */
            action: string;
            /** Actor */
            actor: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Detail */
            detail: {
                [key: string]: unknown;
            };
            /** Id */
            id: number;
            /** Project Id */
            project_id: number | null;
        };
        /**
         * BackboneOut
         * @description A backbone as the workers report it.
         *
         *     `speed_class` is fast, medium or slow; `is_downloadable` says that missing weights will be fetched; `is_default`
         *     marks the choice for this machine; `detail` says where weights came from or where to put them.
         */
        BackboneOut: {
            /** Channels */
            channels: number;
            /** Detail */
            detail: string;
            /** Fit For Cpu */
            fit_for_cpu: boolean;
            /** Is Available */
            is_available: boolean;
            /** Is Default */
            is_default: boolean;
            /** Is Downloadable */
            is_downloadable: boolean;
            /** Licence */
            licence: string;
            /** Megabytes */
            megabytes: number;
            /** Name */
            name: string;
            /** Speed Class */
            speed_class: string;
            /** Title */
            title: string;
        };
        /**
         * CellsRef
         * @description Thumbnail cells: BC1 blocks in raster order, `bytes_per_cell` an image, at image index x size.
         */
        CellsRef: {
            /** Bytes Per Cell */
            bytes_per_cell: number;
            /** Cell Px */
            cell_px: number;
            /**
             * Format
             * @constant
             */
            format: "bc1";
            /** Url */
            url: string;
        };
        /**
         * ChangeOut
         * @description An image that changed. `class_shift` is the total variation between the two predictions, `lost_neighbours` the
         *     share of its nearest neighbours on the map that went, both in [0, 1]; `moved` is in radii of the earlier map. What
         *     compares places is null unless `are_places_compared`.
         */
        ChangeOut: {
            /** Class Id */
            class_id: number;
            /** Class Id Before */
            class_id_before: number;
            /** Class Shift */
            class_shift: number;
            /** Index */
            index: number;
            /** Lost Neighbours */
            lost_neighbours: number | null;
            /** Moved */
            moved: number | null;
            /** Place */
            place: number[];
            /** Place Before */
            place_before: number[] | null;
        };
        /**
         * ChangesOut
         * @description What changed most from one model version to a later one; versions are null while there are not two. Places are
         *     not compared where the maps of the two were made with different options (embedding, labels).
         */
        ChangesOut: {
            /** Are Places Compared */
            are_places_compared: boolean;
            /** From Version */
            from_version: number | null;
            /** Items */
            items: components["schemas"]["ChangeOut"][];
            /** Median Moved */
            median_moved: number | null;
            /** Num Class Changed */
            num_class_changed: number;
            /** Num Compared */
            num_compared: number;
            /** To Version */
            to_version: number | null;
        };
        /**
         * ChunkIn
         * @description Which piece of which file this is; `path` is the file's path in the import.
         */
        ChunkIn: {
            /** Offset */
            offset: number;
            /** Path */
            path: string;
            /** Total */
            total: number;
        };
        /**
         * ChunkOut
         * @description Bytes of the file that are here; complete when `received` is `total`.
         */
        ChunkOut: {
            /** Received */
            received: number;
            /** Total */
            total: number;
        };
        /** ClassesChanged */
        ClassesChanged: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "classes.changed";
        };
        /**
         * ClassIn
         * @description Colour and hotkey left out are chosen: the next of the palette, the next free digit or letter.
         *
         *     Letters that the Label screen has for itself (b, c, f, h, l, n, o, t, v, x) are refused.
         */
        ClassIn: {
            /** Colour */
            colour?: string | null;
            /** Hotkey */
            hotkey?: string | null;
            /** Name */
            name: string;
        };
        /**
         * ClassMetricsOut
         * @description On held-out labels; null where there are none.
         */
        ClassMetricsOut: {
            /** Class Id */
            class_id: number;
            /** Num Predicted */
            num_predicted: number;
            /** Precision */
            precision: number | null;
            /** Recall */
            recall: number | null;
            /** Support */
            support: number;
        };
        /**
         * ClassOrderIn
         * @description Classes in their new order; those not named follow in the order they have.
         */
        ClassOrderIn: {
            /** Class Ids */
            class_ids: number[];
        };
        /** ClassOut */
        ClassOut: {
            /** Colour */
            colour: string;
            /** Hotkey */
            hotkey: string;
            /** Id */
            id: number;
            /** Is Archived */
            is_archived: boolean;
            /** Name */
            name: string;
            /** Num Labels */
            num_labels: number;
            /** Position */
            position: number;
        };
        /**
         * ClassPatch
         * @description Fields left out stay as they are.
         */
        ClassPatch: {
            /** Colour */
            colour?: string | null;
            /** Hotkey */
            hotkey?: string | null;
            /** Is Archived */
            is_archived?: boolean | null;
            /** Name */
            name?: string | null;
            /** Position */
            position?: number | null;
        };
        /** ClassProbability */
        ClassProbability: {
            /** Class Id */
            class_id: number;
            /** Probability */
            probability: number;
        };
        /**
         * ClassSuggestions
         * @description What "label the rest" can promise for a class: the `num_above` unlabelled images at or above `confidence` are
         *     right with at least the precision asked for. `confidence` null: it cannot; `num_needed` held-out labels are the
         *     fewest that could. `num_right` of `num_accepted` held-out predictions gave the lower 95 % `bound`.
         */
        ClassSuggestions: {
            /** Bound */
            bound: number | null;
            /** Class Id */
            class_id: number;
            /** Confidence */
            confidence: number | null;
            /** Num Above */
            num_above: number;
            /** Num Accepted */
            num_accepted: number;
            /** Num Heldout */
            num_heldout: number;
            /** Num Needed */
            num_needed: number;
            /** Num Right */
            num_right: number;
            /** Num Waiting */
            num_waiting: number;
        };
        /**
         * ClassUnit
         * @description A channel of the network that speaks for a class, and the images that excite it most.
         */
        ClassUnit: {
            /** Channel */
            channel: number;
            /** Images */
            images: components["schemas"]["UnitImage"][];
            /** Weight */
            weight: number;
        };
        /**
         * ClassViewOut
         * @description What a class is to a model. `picture_url` is null until a picture is drawn; `is_asked_for`: somebody wants it.
         */
        ClassViewOut: {
            /** Class Id */
            class_id: number;
            /** Is Asked For */
            is_asked_for: boolean;
            /** Picture Url */
            picture_url: string | null;
            /** Units */
            units: components["schemas"]["ClassUnit"][];
        };
        /**
         * ClusterOut
         * @description A dense place of the map. `class_id` is what most of its images are labelled or predicted, `class_share` of them;
         *     null where no class has enough. Corners of `outline` are in the layout's coordinates.
         */
        ClusterOut: {
            /** Class Id */
            class_id: number | null;
            /** Class Share */
            class_share: number | null;
            /** Cluster */
            cluster: number;
            /** Num Images */
            num_images: number;
            /** Num Unlabelled */
            num_unlabelled: number;
            /** Outline */
            outline: number[][];
        };
        /**
         * ClustersOut
         * @description Largest first. `cluster_of_image` is (N,) int32, -1 between clusters; null when there are none.
         */
        ClustersOut: {
            cluster_of_image: components["schemas"]["ArrayRef"] | null;
            /** Clusters */
            clusters: components["schemas"]["ClusterOut"][];
            /** Projection */
            projection: number | null;
        };
        /**
         * CropOverrideSchema
         * @description All images of a class get this retention, null: the whole image.
         */
        CropOverrideSchema: {
            /** Class Id */
            class_id: number;
            /** Retention */
            retention: number | null;
        };
        /**
         * CropPolicyKind
         * @description What decides which of a project's crop rates an image gets.
         * @enum {string}
         */
        CropPolicyKind: "random" | "by_object_size";
        /**
         * CropRateSchema
         * @description A retention in (0, 1], null for the whole image, and the share of images that get it.
         */
        CropRateSchema: {
            /** Retention */
            retention: number | null;
            /** Share */
            share: number;
        };
        /**
         * CropRatesIn
         * @description Shares add up to 1. `by_object_size` gives the tightest rates to the smallest objects.
         */
        CropRatesIn: {
            kind: components["schemas"]["CropPolicyKind"];
            /**
             * Overrides
             * @default []
             */
            overrides?: components["schemas"]["CropOverrideSchema"][];
            /** Rates */
            rates: components["schemas"]["CropRateSchema"][];
        };
        /**
         * CropRatesOut
         * @description `version` 0: nothing was saved yet, every image has the project's own retention.
         */
        CropRatesOut: {
            /** Created At */
            created_at: string | null;
            kind: components["schemas"]["CropPolicyKind"];
            /**
             * Overrides
             * @default []
             */
            overrides?: components["schemas"]["CropOverrideSchema"][];
            /** Rates */
            rates: components["schemas"]["CropRateSchema"][];
            /** Version */
            version: number;
        };
        /** DayCount */
        DayCount: {
            /**
             * Day
             * Format: date
             */
            day: string;
            /** Num Labels */
            num_labels: number;
        };
        /**
         * DeliveryOut
         * @description `event` is one of the hook's events or `test`; `response_text` the answer's start, or why there was none.
         */
        DeliveryOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Event */
            event: string;
            /** Finished At */
            finished_at: string | null;
            /** Id */
            id: number;
            /** Next Attempt At */
            next_attempt_at: string | null;
            /** Num Attempts */
            num_attempts: number;
            /** Payload */
            payload: {
                [key: string]: unknown;
            };
            /** Response Ms */
            response_ms: number | null;
            /** Response Status */
            response_status: number | null;
            /** Response Text */
            response_text: string;
            state: components["schemas"]["DeliveryState"];
        };
        /**
         * DeliveryState
         * @description pending -> sending -> delivered | pending (to be tried again) | failed (given up).
         * @enum {string}
         */
        DeliveryState: "pending" | "sending" | "delivered" | "failed";
        /**
         * Disagreement
         * @description An image with labels of different classes; `class_id` is what it counts as.
         */
        Disagreement: {
            /** Class Id */
            class_id: number | null;
            /** Index */
            index: number;
            /** Labels */
            labels: components["schemas"]["GivenLabel"][];
        };
        /** DisagreementList */
        DisagreementList: {
            /** Items */
            items: components["schemas"]["Disagreement"][];
            /** Num Images */
            num_images: number;
        };
        /** EntryOut */
        EntryOut: {
            /** Id */
            id: number;
            /** Image Index */
            image_index: number | null;
            outcome: components["schemas"]["Outcome"];
            /** Path */
            path: string;
            /** Reason */
            reason: string;
        };
        /**
         * EventEnvelope
         * @description Carries the event union into the OpenAPI document, from which the browser's types are made.
         */
        EventEnvelope: {
            /** Event */
            event: components["schemas"]["LabelsChanged"] | components["schemas"]["JobProgress"] | components["schemas"]["JobFinished"] | components["schemas"]["ModelPublished"] | components["schemas"]["ProjectionPublished"] | components["schemas"]["ImagesAdded"] | components["schemas"]["ImagesRemoved"] | components["schemas"]["ImagesRestored"] | components["schemas"]["ClassesChanged"] | components["schemas"]["ProjectChanged"] | components["schemas"]["ExportReady"] | components["schemas"]["Presence"];
        };
        /**
         * ExportFormat
         * @enum {string}
         */
        ExportFormat: "csv" | "jsonl" | "parquet" | "imagefolder" | "huggingface" | "coco" | "voc" | "yolo_classify" | "yolo_detect" | "label_studio" | "label_studio_config" | "fiftyone";
        /**
         * ExportIn
         * @description What to export. The same `sequence`, `model_version` and `num_images` give the same bytes again.
         */
        ExportIn: {
            /**
             * Annotator
             * @description images whose label is of one of these people only
             * @default []
             */
            annotator?: string[];
            /**
             * Class Id
             * @description images labelled with one of these classes only
             * @default []
             */
            class_id?: number[];
            /**
             * Columns
             * @description default: all
             * @default []
             */
            columns?: ("index" | "path" | "width" | "height" | "sha256" | "label" | "annotator" | "labelled_at" | "predicted_label" | "confidence" | "model_version" | "retention" | "box_x1" | "box_y1" | "box_x2" | "box_y2" | "label_sequence" | "num_annotators" | "agreement" | "provenance" | "annotations")[];
            /**
             * Crop Rates
             * @description version of the crop rates for weak boxes and crops; 0: none; default: those in force, unless a retention is given
             */
            crop_rates?: number | null;
            /**
             * Fill With Predictions
             * @description images without a label count as what the model says
             * @default false
             */
            fill_with_predictions?: boolean;
            /** @default csv */
            format?: components["schemas"]["ExportFormat"];
            /** @default all */
            labelled?: components["schemas"]["Labelled"];
            /**
             * Model Version
             * @description predictions and boxes of this model; 0: none; default: latest
             */
            model_version?: number | null;
            /**
             * Num Images
             * @description images below this index only; default: all
             */
            num_images?: number | null;
            /**
             * Path Prefix
             * @default
             */
            path_prefix?: string;
            /** @default whole */
            pictures?: components["schemas"]["Pictures"];
            /**
             * Retention
             * @description of weak boxes and crops
             */
            retention?: number | null;
            /**
             * Sequence
             * @description labels as they were after this action; default: now
             */
            sequence?: number | null;
            /**
             * Validation Share
             * @description share of images in the validation split, by their content
             * @default 0.2
             */
            validation_share?: number;
        };
        /**
         * ExportOut
         * @description An export made in the background. `num_bytes` is null until it is ready.
         */
        ExportOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string | null;
            /** Id */
            id: number;
            job: components["schemas"]["JobOut"] | null;
            /** Name */
            name: string;
            /** Num Bytes */
            num_bytes: number | null;
            options: components["schemas"]["ExportIn"];
        };
        /**
         * ExportReady
         * @description A background export can be downloaded.
         */
        ExportReady: {
            /** Export Id */
            export_id: number;
            /** Name */
            name: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "export.ready";
        };
        /**
         * FolderListOut
         * @description A folder of the server: its subfolders by name, the first thousand of them, and how many files lie in it.
         *
         *     `path` is empty at the top, where the folders are those that the operator allows.
         */
        FolderListOut: {
            /** Folders */
            folders: components["schemas"]["FolderOut"][];
            /** Num Files */
            num_files: number;
            /** Num Folders */
            num_folders: number;
            /** Parent */
            parent: string | null;
            /** Path */
            path: string;
        };
        /** FolderOut */
        FolderOut: {
            /** Name */
            name: string;
            /** Path */
            path: string;
        };
        /** GivenLabel */
        GivenLabel: {
            /** Annotator */
            annotator: string;
            /** Class Id */
            class_id: number;
        };
        /** ImageOut */
        ImageOut: {
            /** Class Id */
            class_id: number | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** File Format */
            file_format: string;
            /** Height */
            height: number;
            /** Index */
            index: number;
            /** Num Bytes */
            num_bytes: number;
            /** Path */
            path: string;
            /** Sha256 */
            sha256: string;
            /** Width */
            width: number;
        };
        /**
         * ImagePrediction
         * @description What the latest model says of one image; box corners in unit coordinates at the given retention.
         *
         *     `saliency_class_ids`: the classes whose saliency map can be read, first the one that the crop is of: what heads
         *     predict that never saw the held-out labels, nearly always `class_id`. `probabilities`: those of the likeliest
         *     classes, the largest first.
         */
        ImagePrediction: {
            /** Box */
            box: [
                number,
                number,
                number,
                number
            ];
            /** Class Id */
            class_id: number;
            /** Confidence */
            confidence: number;
            /** Model Version */
            model_version: number;
            /** Probabilities */
            probabilities: components["schemas"]["ClassProbability"][];
            /** Profile X */
            profile_x: number[];
            /** Profile Y */
            profile_y: number[];
            /** Retention */
            retention: number;
            /** Saliency Class Ids */
            saliency_class_ids: number[];
        };
        /** ImagesAdded */
        ImagesAdded: {
            /** Num Images */
            num_images: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "images.added";
        };
        /**
         * ImagesRemoved
         * @description `by` took images out of the project: read the map and the labels again.
         */
        ImagesRemoved: {
            /** By */
            by: string;
            /** Num Images */
            num_images: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "images.removed";
        };
        /**
         * ImagesRestored
         * @description `by` brought removed images back: read the map and the labels again.
         */
        ImagesRestored: {
            /** By */
            by: string;
            /** Num Images */
            num_images: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "images.restored";
        };
        /**
         * ImportIn
         * @description Without `folder`, `bucket` and `is_manifest`: an upload. At most one of the three.
         */
        ImportIn: {
            /**
             * Bucket
             * @description one of IMPORT_BUCKETS
             * @default
             */
            bucket?: string;
            /**
             * Classes From Folders
             * @default false
             */
            classes_from_folders?: boolean;
            /**
             * Folder
             * @description on the server, inside IMPORT_ROOTS
             * @default
             */
            folder?: string;
            /**
             * Is Manifest
             * @description uploads are CSV or JSON Lines with `url`, and perhaps `path` and `label`
             * @default false
             */
            is_manifest?: boolean;
            /**
             * Name
             * @default Upload
             */
            name?: string;
            /**
             * Prefix
             * @description of keys in the bucket
             * @default
             */
            prefix?: string;
        };
        /**
         * ImportKind
         * @description Where an import's files are: uploaded, in a folder of the server, named by uploaded manifests, or in a bucket.
         * @enum {string}
         */
        ImportKind: "upload" | "folder" | "manifest" | "bucket";
        /**
         * ImportOut
         * @description `num_removed` of the duplicates are pictures that had been removed from the project; they stay so.
         */
        ImportOut: {
            /** Classes From Folders */
            classes_from_folders: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Id */
            id: number;
            /** Job Id */
            job_id: number | null;
            job_state: components["schemas"]["JobState"] | null;
            kind: components["schemas"]["ImportKind"];
            /** Name */
            name: string;
            /** Num Added */
            num_added: number;
            /** Num Duplicate */
            num_duplicate: number;
            /** Num Files */
            num_files: number;
            /** Num Gone */
            num_gone: number;
            /** Num Rejected */
            num_rejected: number;
            /** Num Removed */
            num_removed: number;
            /** Num Unchanged */
            num_unchanged: number;
            state: components["schemas"]["ImportState"];
            /** Syncs Id */
            syncs_id: number | null;
        };
        /**
         * ImportSourcesOut
         * @description What the operator of the site lets imports read, and the limits of one import.
         */
        ImportSourcesOut: {
            /** Buckets */
            buckets: string[];
            /** Folders */
            folders: string[];
            /** Max Chunk Bytes */
            max_chunk_bytes: number;
            /** Max Entries */
            max_entries: number;
            /** Max File Bytes */
            max_file_bytes: number;
            /** Max Total Bytes */
            max_total_bytes: number;
            /** Url Hosts */
            url_hosts: string[];
        };
        /**
         * ImportState
         * @description open (files may still be added) -> started -> the job's state tells the rest.
         * @enum {string}
         */
        ImportState: "open" | "started";
        /** InvitationAbout */
        InvitationAbout: {
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Invited By */
            invited_by: string | null;
            /** Project Name */
            project_name: string;
            role: components["schemas"]["Role"];
        };
        /**
         * InvitationCreated
         * @description The only answer that ever carries the secret; `path` is the page to send, on this site.
         */
        InvitationCreated: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Id */
            id: number;
            /** Path */
            path: string;
            role: components["schemas"]["Role"];
            /** Secret */
            secret: string;
        };
        /** InvitationIn */
        InvitationIn: {
            /**
             * Expires In Days
             * @default 7
             */
            expires_in_days?: number;
            role: components["schemas"]["Role"];
        };
        /** InvitationOut */
        InvitationOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Id */
            id: number;
            role: components["schemas"]["Role"];
        };
        /** InvitationSecret */
        InvitationSecret: {
            /** Secret */
            secret: string;
        };
        /** JobFinished */
        JobFinished: {
            job: components["schemas"]["JobOut"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "job.finished";
        };
        /**
         * JobKind
         * @enum {string}
         */
        JobKind: "import" | "features" | "projection" | "training" | "export" | "crops" | "suggestions" | "class_picture";
        /** JobOut */
        JobOut: {
            /** Cancel Requested At */
            cancel_requested_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Done */
            done: number;
            /** Error Code */
            error_code: string;
            /** Error Message */
            error_message: string;
            /** Finished At */
            finished_at: string | null;
            /** Id */
            id: number;
            kind: components["schemas"]["JobKind"];
            /** Project Id */
            project_id: number;
            /** Rate Per S */
            rate_per_s?: number | null;
            /** Seconds Left */
            seconds_left?: number | null;
            /** Stage */
            stage: string;
            /** Started At */
            started_at: string | null;
            state: components["schemas"]["JobState"];
            /** Summary */
            summary: string;
            /** Total */
            total: number;
        };
        /** JobProgress */
        JobProgress: {
            job: components["schemas"]["JobOut"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "job.progress";
        };
        /**
         * JobState
         * @description queued -> running -> succeeded | failed | cancelled; queued -> cancelled. Changed by `services` only.
         * @enum {string}
         */
        JobState: "queued" | "running" | "succeeded" | "failed" | "cancelled";
        /**
         * LabelActionIn
         * @description One gesture; `accept` is an `assign` of what a model proposed. The same `client_action_id` sent again returns
         *     the first action and changes nothing.
         */
        LabelActionIn: {
            /** Class Id */
            class_id?: number | null;
            /**
             * Client Action Id
             * Format: uuid
             */
            client_action_id: string;
            /** Image Indexes */
            image_indexes: number[];
            /**
             * Kind
             * @default assign
             * @enum {string}
             */
            kind?: "assign" | "clear" | "accept";
            /**
             * @default {
             *       "gesture": "api",
             *       "model_version": null,
             *       "polygon": null,
             *       "projection_id": null,
             *       "retention": null,
             *       "seconds_shown": null,
             *       "view": null
             *     }
             */
            provenance?: components["schemas"]["Provenance"];
        };
        /**
         * LabelActionOut
         * @description A label action. `changes` says which class its images have now; `skipped` lists images that an undo left
         *     alone because somebody labelled them since; `removed` those that were not labelled because they had been removed
         *     from the project.
         */
        LabelActionOut: {
            /** Annotator */
            annotator: string;
            /** Changes */
            changes: components["schemas"]["LabelChange"][];
            /** Class Id */
            class_id: number | null;
            /**
             * Client Action Id
             * Format: uuid
             */
            client_action_id: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Image Indexes */
            image_indexes: number[];
            /** Is Undone */
            is_undone: boolean;
            kind: components["schemas"]["ActionKind"];
            /** Num Changed */
            num_changed: number;
            /** Removed */
            removed: number[];
            /** Sequence */
            sequence: number;
            /** Skipped */
            skipped: number[];
            /** Undoes */
            undoes: number | null;
        };
        /**
         * LabelActionPage
         * @description Actions in order of sequence; `next` is the sequence to go on after, null at the end.
         */
        LabelActionPage: {
            /** Items */
            items: components["schemas"]["LabelActionOut"][];
            /** Next */
            next: number | null;
        };
        /**
         * LabelChange
         * @description Images that have this class now; null: they have none.
         */
        LabelChange: {
            /** Class Id */
            class_id: number | null;
            /** Image Indexes */
            image_indexes: number[];
        };
        /**
         * LabelFileFormat
         * @enum {string}
         */
        LabelFileFormat: "auto" | "csv" | "jsonl" | "coco" | "label_studio" | "fiftyone";
        /**
         * LabelImportOut
         * @description Rows of the file, images labelled, and what had no place: rows without exactly one picture, unknown people.
         */
        LabelImportOut: {
            /** New Classes */
            new_classes: string[];
            /** Not Found */
            not_found: string[];
            /** Num Labelled */
            num_labelled: number;
            /** Num Not Found */
            num_not_found: number;
            /** Num Rows */
            num_rows: number;
            /** Sequences */
            sequences: number[];
            /** Unknown Authors */
            unknown_authors: string[];
        };
        /**
         * Labelled
         * @description Which images are wanted by their label.
         * @enum {string}
         */
        Labelled: "all" | "labelled" | "unlabelled" | "disagrees";
        /**
         * LabelsChanged
         * @description A label action took effect. `changes` is null when there are too many: read the labels again.
         */
        LabelsChanged: {
            /** Annotator */
            annotator: string;
            /** Changes */
            changes: components["schemas"]["LabelChange"][] | null;
            /**
             * Client Action Id
             * Format: uuid
             */
            client_action_id: string;
            /** Kind */
            kind: string;
            /** Sequence */
            sequence: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "labels.changed";
        };
        /**
         * LabelTheRestIn
         * @description `model_version` is the one whose promise was shown; another latest one is a conflict.
         */
        LabelTheRestIn: {
            /** Class Id */
            class_id: number;
            /**
             * Client Action Id
             * Format: uuid
             */
            client_action_id: string;
            /** Model Version */
            model_version: number;
            /** Precision */
            precision: number;
        };
        /**
         * LabelTheRestOut
         * @description `skipped` lists images that were labelled or removed by others meanwhile.
         */
        LabelTheRestOut: {
            /** Num Labelled */
            num_labelled: number;
            /** Sequence */
            sequence: number;
            /** Skipped */
            skipped: number[];
        };
        /**
         * MapOut
         * @description Everything a browser needs to draw the map. Arrays may cover fewer images than `num_images`: those that
         *     came after the model or the projection have no row yet. The array `removed`, there only if images were removed, is
         *     1 where nothing is to be drawn.
         */
        MapOut: {
            /** Arrays */
            arrays: components["schemas"]["ArrayRef"][];
            /** Cells */
            cells: components["schemas"]["CellsRef"][];
            /** Class Ids */
            class_ids: number[];
            /** Label Sequence */
            label_sequence: number;
            /** Model Version */
            model_version: number | null;
            /** Num Images */
            num_images: number;
            profile_shape: components["schemas"]["ProfileShape"] | null;
            projections: components["schemas"]["Projections"];
            /** Retention */
            retention: number;
        };
        /** MemberIn */
        MemberIn: {
            role: components["schemas"]["Role"];
        };
        /** MemberOut */
        MemberOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            role: components["schemas"]["Role"];
            /** Username */
            username: string;
        };
        /**
         * MergeIn
         * @description Every image of the class in the address gets this class; that class is archived.
         */
        MergeIn: {
            /**
             * Client Action Id
             * Format: uuid
             */
            client_action_id: string;
            /** Into Class Id */
            into_class_id: number;
        };
        /**
         * MergeOut
         * @description The merged class, archived now, and the action that moved its images; null when it had none.
         */
        MergeOut: {
            action: components["schemas"]["LabelActionOut"] | null;
            source: components["schemas"]["ClassOut"];
        };
        /**
         * MeterOut
         * @description Labels per second and agreement of a project.
         */
        MeterOut: {
            agreement: components["schemas"]["AgreementOut"];
            /** Annotators */
            annotators: components["schemas"]["AnnotatorSpeed"][];
        };
        /**
         * ModelOut
         * @description `views`: what it predicts from: whole images, and their crops where they have been embedded. `sees_neighbours`:
         *     also from the labels of the images that look most alike.
         */
        ModelOut: {
            /** Accuracy */
            accuracy: number | null;
            /** Accuracy High */
            accuracy_high: number | null;
            /** Accuracy Low */
            accuracy_low: number | null;
            /** Backbone */
            backbone: string;
            /** Class Ids */
            class_ids: number[];
            /** Confusion */
            confusion: number[][];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expected Calibration Error */
            expected_calibration_error: number | null;
            /** Input Size Px */
            input_size_px: number;
            /** Is Provisional */
            is_provisional: boolean;
            /** Label Sequence */
            label_sequence: number;
            /** Num Heldout */
            num_heldout: number;
            /** Num Images */
            num_images: number;
            /** Num Labels */
            num_labels: number;
            /** Number */
            number: number;
            /** Per Class */
            per_class: components["schemas"]["ClassMetricsOut"][];
            /** Retention */
            retention: number;
            saliency_method: components["schemas"]["SaliencyMethod"];
            /** Seconds */
            seconds: {
                [key: string]: number;
            };
            /** Sees Neighbours */
            sees_neighbours: boolean;
            /** Views */
            views: components["schemas"]["View"][];
        };
        /** ModelPublished */
        ModelPublished: {
            /** Number */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "model.published";
        };
        /**
         * ModelSummary
         * @description The latest model version in one line.
         */
        ModelSummary: {
            /** Accuracy */
            accuracy: number | null;
            /** Accuracy Change */
            accuracy_change: number | null;
            /** Accuracy High */
            accuracy_high: number | null;
            /** Accuracy Low */
            accuracy_low: number | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Is Provisional
             * @default false
             */
            is_provisional?: boolean;
            /** Num Heldout */
            num_heldout: number;
            /** Num Labels */
            num_labels: number;
            /** Number */
            number: number;
        };
        /** NeighboursIn */
        NeighboursIn: {
            /** Image Indexes */
            image_indexes: number[];
            /**
             * Num
             * @default 200
             */
            num?: number;
            /** @default whole */
            view?: components["schemas"]["View"];
        };
        /**
         * NeighboursOut
         * @description Images like the given ones, most alike first; `similarity` is a cosine in [-1, 1].
         */
        NeighboursOut: {
            /** Image Indexes */
            image_indexes: number[];
            /** Similarity */
            similarity: number[];
        };
        /**
         * NextToLabel
         * @description Unlabelled images, the best to label first: `diverse` before a model, `uncertain` after it.
         */
        NextToLabel: {
            /** Image Indexes */
            image_indexes: number[];
            /**
             * Kind
             * @enum {string}
             */
            kind: "diverse" | "uncertain";
            /** Model Version */
            model_version: number | null;
            /** Num Waiting */
            num_waiting: number;
        };
        /** OddnessIn */
        OddnessIn: {
            /** Image Indexes */
            image_indexes: number[];
            /** @default whole */
            view?: components["schemas"]["View"];
        };
        /**
         * Outcome
         * @description How one file of an import ended. `gone`, in a re-sync only: its image stays, the file is no longer there.
         * @enum {string}
         */
        Outcome: "added" | "duplicate" | "rejected" | "gone";
        /** Page[ActivityItem] */
        Page_ActivityItem_: {
            /** Items */
            items: components["schemas"]["ActivityItem"][];
            /** Next */
            next: number | null;
        };
        /** Page[AnnotatorOut] */
        Page_AnnotatorOut_: {
            /** Items */
            items: components["schemas"]["AnnotatorOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[AuditOut] */
        Page_AuditOut_: {
            /** Items */
            items: components["schemas"]["AuditOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[DeliveryOut] */
        Page_DeliveryOut_: {
            /** Items */
            items: components["schemas"]["DeliveryOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[EntryOut] */
        Page_EntryOut_: {
            /** Items */
            items: components["schemas"]["EntryOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[ExportOut] */
        Page_ExportOut_: {
            /** Items */
            items: components["schemas"]["ExportOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[ImageOut] */
        Page_ImageOut_: {
            /** Items */
            items: components["schemas"]["ImageOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[ImportOut] */
        Page_ImportOut_: {
            /** Items */
            items: components["schemas"]["ImportOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[InvitationOut] */
        Page_InvitationOut_: {
            /** Items */
            items: components["schemas"]["InvitationOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[JobOut] */
        Page_JobOut_: {
            /** Items */
            items: components["schemas"]["JobOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[MemberOut] */
        Page_MemberOut_: {
            /** Items */
            items: components["schemas"]["MemberOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[ModelOut] */
        Page_ModelOut_: {
            /** Items */
            items: components["schemas"]["ModelOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[PersonOut] */
        Page_PersonOut_: {
            /** Items */
            items: components["schemas"]["PersonOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[ProjectionOut] */
        Page_ProjectionOut_: {
            /** Items */
            items: components["schemas"]["ProjectionOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[ProjectOut] */
        Page_ProjectOut_: {
            /** Items */
            items: components["schemas"]["ProjectOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[RemovalSummary] */
        Page_RemovalSummary_: {
            /** Items */
            items: components["schemas"]["RemovalSummary"][];
            /** Next */
            next: number | null;
        };
        /** Page[RemovedImageOut] */
        Page_RemovedImageOut_: {
            /** Items */
            items: components["schemas"]["RemovedImageOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[TokenOut] */
        Page_TokenOut_: {
            /** Items */
            items: components["schemas"]["TokenOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[UnreadableImageOut] */
        Page_UnreadableImageOut_: {
            /** Items */
            items: components["schemas"]["UnreadableImageOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[UploadedFileOut] */
        Page_UploadedFileOut_: {
            /** Items */
            items: components["schemas"]["UploadedFileOut"][];
            /** Next */
            next: number | null;
        };
        /** Page[WebhookOut] */
        Page_WebhookOut_: {
            /** Items */
            items: components["schemas"]["WebhookOut"][];
            /** Next */
            next: number | null;
        };
        /**
         * PairAgreement
         * @description Two annotators on the images that both gave a class; Cohen's kappa, null where chance always agrees.
         */
        PairAgreement: {
            /** First */
            first: string;
            /** Kappa */
            kappa: number | null;
            /** Num Images */
            num_images: number;
            /** Num Same */
            num_same: number;
            /** Second */
            second: string;
        };
        /**
         * PersonOut
         * @description A user as site staff see one.
         */
        PersonOut: {
            /** Email */
            email: string;
            /** Id */
            id: number;
            /** Is Active */
            is_active: boolean;
            /** Is Staff */
            is_staff: boolean;
            /** Last Login */
            last_login: string | null;
            /** Num Projects */
            num_projects: number;
            /** Num Second Factors */
            num_second_factors: number;
            /** Username */
            username: string;
        };
        /**
         * Pictures
         * @description What a zip holds of each image: the file as it came, the crop at the retention, or nothing.
         * @enum {string}
         */
        Pictures: "whole" | "cropped" | "none";
        /** Presence */
        Presence: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "presence";
            /** Users */
            users: string[];
        };
        /**
         * Problem
         * @description RFC 9457. `code` is stable and for programs; `errors` names the fields of invalid input.
         */
        Problem: {
            code: string;
            detail: string;
            errors?: {
                code: string;
                field: string;
                message: string;
            }[];
            status: number;
            title: string;
            type: string;
        };
        /** ProfileShape */
        ProfileShape: {
            /** Height */
            height: number;
            /** Width */
            width: number;
        };
        /** ProjectChanged */
        ProjectChanged: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "project.changed";
        };
        /** ProjectIn */
        ProjectIn: {
            /** Backbone */
            backbone?: string | null;
            /**
             * Input Size Px
             * @default 224
             */
            input_size_px?: number;
            /**
             * Labels Per Class To Train
             * @default 100
             */
            labels_per_class_to_train?: number;
            /** Name */
            name: string;
            /** @default looks */
            projection_embedding?: components["schemas"]["ProjectionEmbedding"];
            /**
             * Projection Uses Labels
             * @default false
             */
            projection_uses_labels?: boolean;
            /**
             * Provisional Labels Per Class
             * @default 10
             */
            provisional_labels_per_class?: number | null;
            /** @default head */
            recipe?: components["schemas"]["Recipe"];
            /**
             * Retention
             * @default 0.95
             */
            retention?: number;
            /**
             * Retrain Percent
             * @default 20
             */
            retrain_percent?: number;
            /** @default labeler */
            saliency_method?: components["schemas"]["SaliencyMethod"];
            /**
             * Trains By Itself
             * @default true
             */
            trains_by_itself?: boolean;
            /**
             * Uses Adl
             * @default false
             */
            uses_adl?: boolean;
        };
        /**
         * ProjectionEmbedding
         * @description What makes two images alike on the map: how they look, or also what classes the model sees in them.
         * @enum {string}
         */
        ProjectionEmbedding: "looks" | "classes";
        /**
         * ProjectionOut
         * @description A finished layout. `quality` names and values as measured, null where there were too few images; `parameters` say
         *     how it was made, their `input` from what.
         */
        ProjectionOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Id */
            id: number;
            /** Model Version */
            model_version: number | null;
            /** Num Images */
            num_images: number;
            /** Parameters */
            parameters: {
                [key: string]: unknown;
            };
            /** Quality */
            quality: {
                [key: string]: number | null;
            };
            view: components["schemas"]["View"];
        };
        /** ProjectionPublished */
        ProjectionPublished: {
            /** Num Images */
            num_images: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "projection.published";
            /**
             * View
             * @enum {string}
             */
            view: "whole" | "crop";
        };
        /** ProjectionRef */
        ProjectionRef: {
            array: components["schemas"]["ArrayRef"];
            /** Id */
            id: number;
            /** Model Version */
            model_version: number | null;
            /** Num Images */
            num_images: number;
            /** Quality */
            quality: {
                [key: string]: number | null;
            };
        };
        /** Projections */
        Projections: {
            crop: components["schemas"]["ProjectionRef"] | null;
            whole: components["schemas"]["ProjectionRef"] | null;
        };
        /**
         * ProjectOut
         * @description `num_images` is the length of every array of the project, the next index; `num_removed` of them were removed.
         *     `preview_indexes` are a few images from all over it.
         */
        ProjectOut: {
            /** Backbone */
            backbone: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Id */
            id: number;
            /** Input Size Px */
            input_size_px: number;
            /** Label Sequence */
            label_sequence: number;
            /** Labels Per Class To Train */
            labels_per_class_to_train: number;
            /**
             * Last Activity At
             * Format: date-time
             */
            last_activity_at: string;
            model: components["schemas"]["ModelSummary"] | null;
            /** Name */
            name: string;
            /** Num Classes */
            num_classes: number;
            /** Num Images */
            num_images: number;
            /** Num Labelled */
            num_labelled: number;
            /** Num Labels At Training */
            num_labels_at_training: number;
            /** Num Removed */
            num_removed: number;
            /** Preview Indexes */
            preview_indexes: number[];
            projection_embedding: components["schemas"]["ProjectionEmbedding"];
            /** Projection Uses Labels */
            projection_uses_labels: boolean;
            /** Provisional Labels Per Class */
            provisional_labels_per_class: number | null;
            recipe: components["schemas"]["Recipe"];
            /** Retention */
            retention: number;
            /** Retrain Percent */
            retrain_percent: number;
            role: components["schemas"]["Role"];
            saliency_method: components["schemas"]["SaliencyMethod"];
            /** Trains By Itself */
            trains_by_itself: boolean;
            /** Uses Adl */
            uses_adl: boolean;
            /** Weights Message */
            weights_message: string | null;
        };
        /**
         * ProjectPatch
         * @description Fields left out stay as they are; so do those that are null, but for `provisional_labels_per_class`.
         */
        ProjectPatch: {
            /** Backbone */
            backbone?: string | null;
            /** Input Size Px */
            input_size_px?: number | null;
            /** Labels Per Class To Train */
            labels_per_class_to_train?: number | null;
            /** Name */
            name?: string | null;
            projection_embedding?: components["schemas"]["ProjectionEmbedding"] | null;
            /** Projection Uses Labels */
            projection_uses_labels?: boolean | null;
            /** Provisional Labels Per Class */
            provisional_labels_per_class?: number | null;
            recipe?: components["schemas"]["Recipe"] | null;
            /** Retention */
            retention?: number | null;
            /** Retrain Percent */
            retrain_percent?: number | null;
            saliency_method?: components["schemas"]["SaliencyMethod"] | null;
            /** Trains By Itself */
            trains_by_itself?: boolean | null;
            /** Uses Adl */
            uses_adl?: boolean | null;
        };
        /**
         * Provenance
         * @description How a label came about; kept with the action for exports and for weighing labels.
         */
        Provenance: {
            /**
             * Gesture
             * @default api
             * @enum {string}
             */
            gesture?: "lasso" | "box" | "click" | "grid" | "keyboard" | "confirm" | "rest" | "review" | "import" | "api";
            /** Model Version */
            model_version?: number | null;
            /** Polygon */
            polygon?: [
                number,
                number
            ][] | null;
            /** Projection Id */
            projection_id?: number | null;
            /** Retention */
            retention?: number | null;
            /** Seconds Shown */
            seconds_shown?: number | null;
            /** View */
            view?: ("whole" | "crop") | null;
        };
        /**
         * ProviderIn
         * @description Where to go on to: `login`, or `connect` the provider's account to the one that is signed in.
         */
        ProviderIn: {
            /**
             * Next
             * @default /
             */
            next?: string;
            /**
             * Process
             * @default login
             * @enum {string}
             */
            process?: "login" | "connect";
            /** Provider */
            provider: string;
        };
        /**
         * ProviderName
         * @description An identity provider that one can sign in with.
         */
        ProviderName: {
            /** Id */
            id: string;
            /** Name */
            name: string;
        };
        /** ProviderOut */
        ProviderOut: {
            /** Location */
            location: string;
        };
        /**
         * Recipe
         * @description What a training trains, from the least to the most.
         * @enum {string}
         */
        Recipe: "head" | "conv" | "last_stage" | "whole";
        /**
         * RemovalIn
         * @description The same `client_action_id` sent again returns the first removal and changes nothing.
         */
        RemovalIn: {
            /**
             * Client Action Id
             * Format: uuid
             */
            client_action_id: string;
            /** Image Indexes */
            image_indexes: number[];
        };
        /**
         * RemovalOut
         * @description What one request removed: `image_indexes` leaves out those that were removed before; `num_labelled` of them have
         *     a label, which is kept.
         */
        RemovalOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Id */
            id: number;
            /** Image Indexes */
            image_indexes: number[];
            /** Num Labelled */
            num_labelled: number;
            /** Removed By */
            removed_by: string | null;
        };
        /**
         * RemovalSummary
         * @description Images that one request removed and that are still out. `removed_by` is null where the account is gone.
         */
        RemovalSummary: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Id */
            id: number;
            /** Num Images */
            num_images: number;
            /** Num Labelled */
            num_labelled: number;
            /** Removed By */
            removed_by: string | null;
        };
        /**
         * RemovedImageOut
         * @description `class_id` is the label that comes back with the image.
         */
        RemovedImageOut: {
            /** Class Id */
            class_id: number | null;
            /** Index */
            index: number;
            /** Path */
            path: string;
        };
        /**
         * ResetLink
         * @description The only answer that carries the key; `path` is the page to hand over, on this site.
         */
        ResetLink: {
            /** Expires In Hours */
            expires_in_hours: number;
            /** Path */
            path: string;
        };
        /**
         * RestoreIn
         * @description Which images come back: chosen ones, those of one removal, those that an import met again as duplicates, or all.
         *     Exactly one of the four; images that are in the project are passed over.
         */
        RestoreIn: {
            /**
             * All
             * @default false
             */
            all?: boolean;
            /** Image Indexes */
            image_indexes?: number[] | null;
            /** Import Id */
            import_id?: number | null;
            /** Removal Id */
            removal_id?: number | null;
        };
        /**
         * RestoreOut
         * @description The images that came back by this request, `num_labelled` of them with a label.
         */
        RestoreOut: {
            /** Image Indexes */
            image_indexes: number[];
            /** Num Labelled */
            num_labelled: number;
        };
        /**
         * Role
         * @description A member's role in one project; each may all that the ones before it may.
         * @enum {string}
         */
        Role: "viewer" | "annotator" | "reviewer" | "admin";
        /**
         * SaliencyMethod
         * @description Where crops come from: the names of the worker's registry, the default first (a test compares them).
         * @enum {string}
         */
        SaliencyMethod: "labeler" | "gradcam" | "gradcampp" | "cam" | "cam_recombined" | "wgap" | "wgap_recombined" | "mean" | "backprop" | "backprop_graphcut";
        /**
         * SavedViewIn
         * @description `search` is the part of an address behind "?".
         */
        SavedViewIn: {
            /** Name */
            name: string;
            /**
             * Search
             * @default
             */
            search?: string;
        };
        /** SavedViewOut */
        SavedViewOut: {
            /** Id */
            id: number;
            /** Name */
            name: string;
            /** Search */
            search: string;
        };
        /**
         * Scope
         * @description What an API token may do at most, whatever the role of its owner.
         * @enum {string}
         */
        Scope: "read" | "write" | "admin";
        /**
         * SessionOut
         * @description Who is signed in (nobody: null), the token that a browser sends back as X-CSRFToken, and what the site offers.
         */
        SessionOut: {
            /** Csrf Token */
            csrf_token: string;
            /** Is Open For Sign Up */
            is_open_for_sign_up: boolean;
            /** Providers */
            providers: components["schemas"]["ProviderName"][];
            /** Sends Email */
            sends_email: boolean;
            user: components["schemas"]["UserOut"] | null;
        };
        /** SuggestedImage */
        SuggestedImage: {
            /** Confidence */
            confidence: number;
            /** Index */
            index: number;
        };
        /**
         * SuggestionPage
         * @description Unlabelled images predicted so, most certain first. `next` is the cursor for the next page, null at the end;
         *     `num_after` images come behind this page.
         */
        SuggestionPage: {
            /** Class Id */
            class_id: number;
            /** Items */
            items: components["schemas"]["SuggestedImage"][];
            /** Model Version */
            model_version: number;
            /** Next */
            next: number | null;
            /** Num After */
            num_after: number;
            /** Num Predicted */
            num_predicted: number;
            /** Num Waiting */
            num_waiting: number;
        };
        /** SuggestionSummary */
        SuggestionSummary: {
            /** Classes */
            classes: components["schemas"]["ClassSuggestions"][];
            /** Model Version */
            model_version: number;
            /** Precision */
            precision: number;
        };
        /**
         * Suspect
         * @description A label that the model doubts; `quality` is the probability of the given class, in [0, 1].
         */
        Suspect: {
            /** Class Id */
            class_id: number;
            /** Index */
            index: number;
            /** Quality */
            quality: number;
            /** Suggested Class Id */
            suggested_class_id: number;
        };
        /**
         * SuspectList
         * @description Worst first. `label_sequence`: labels up to here were looked at.
         */
        SuspectList: {
            /** Items */
            items: components["schemas"]["Suspect"][];
            /** Label Sequence */
            label_sequence: number;
            /** Num Suspects */
            num_suspects: number;
        };
        /**
         * TokenCreated
         * @description The only answer that ever carries the secret.
         */
        TokenCreated: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /** Id */
            id: number;
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
            /** Prefix */
            prefix: string;
            scope: components["schemas"]["Scope"];
            /** Token */
            token: string;
        };
        /** TokenIn */
        TokenIn: {
            /** Expires At */
            expires_at?: string | null;
            /** Name */
            name: string;
            /** @default read */
            scope?: components["schemas"]["Scope"];
        };
        /** TokenOut */
        TokenOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /** Id */
            id: number;
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
            /** Prefix */
            prefix: string;
            scope: components["schemas"]["Scope"];
        };
        /** UndoIn */
        UndoIn: {
            /**
             * Client Action Id
             * Format: uuid
             */
            client_action_id: string;
        };
        /** UnitImage */
        UnitImage: {
            /** Activation */
            activation: number;
            /** Index */
            index: number;
        };
        /**
         * UnreadableImageOut
         * @description An image whose file is missing or damaged; `noted_at`: when it was last tried.
         */
        UnreadableImageOut: {
            /** Index */
            index: number;
            /**
             * Noted At
             * Format: date-time
             */
            noted_at: string;
            /** Path */
            path: string;
            /** Reason */
            reason: string;
        };
        /**
         * UploadedFileOut
         * @description A file of an open import. `upload_id` is there while it still comes in pieces.
         */
        UploadedFileOut: {
            /** Num Bytes */
            num_bytes: number;
            /** Path */
            path: string;
            /** Received */
            received: number;
            /** Upload Id */
            upload_id: string | null;
        };
        /**
         * UploadOut
         * @description How many files of an upload are stored and wait for the import to start.
         */
        UploadOut: {
            /** Num Files */
            num_files: number;
            /** Num Received */
            num_received: number;
        };
        /**
         * UserIn
         * @description Without a password the person sets one through a reset link.
         */
        UserIn: {
            /**
             * Email
             * @default
             */
            email?: string;
            /** Password */
            password?: string | null;
            /** Username */
            username: string;
        };
        /** UserOut */
        UserOut: {
            /** Id */
            id: number;
            /** Is Staff */
            is_staff: boolean;
            /** Username */
            username: string;
        };
        /** UserPatch */
        UserPatch: {
            /** Is Active */
            is_active?: boolean | null;
            /** Is Staff */
            is_staff?: boolean | null;
        };
        /**
         * View
         * @description What a projection lays out.
         * @enum {string}
         */
        View: "whole" | "crop";
        /**
         * WebhookCreated
         * @description The only answer that ever carries a secret: of a new hook, or after a rotation.
         */
        WebhookCreated: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Disabled At */
            disabled_at: string | null;
            /** Disabled Reason */
            disabled_reason: string;
            /** Events */
            events: components["schemas"]["WebhookEvent"][];
            /** Failing Since */
            failing_since: string | null;
            /** Id */
            id: number;
            /** Num Pending */
            num_pending: number;
            /** Old Secret Until */
            old_secret_until: string | null;
            /** Secret */
            secret: string;
            /** Url */
            url: string;
        };
        /**
         * WebhookEvent
         * @description What a hook can be told.
         * @enum {string}
         */
        WebhookEvent: "labels.changed" | "images.removed" | "images.restored" | "model.published" | "export.ready";
        /** WebhookIn */
        WebhookIn: {
            /** Events */
            events: components["schemas"]["WebhookEvent"][];
            /** Url */
            url: string;
        };
        /**
         * WebhookOut
         * @description `failing_since`: no delivery has succeeded since; `disabled_reason` is for people. `old_secret_until`: until when
         *     messages are signed with the secret before the present one, too; null when they are not.
         */
        WebhookOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Disabled At */
            disabled_at: string | null;
            /** Disabled Reason */
            disabled_reason: string;
            /** Events */
            events: components["schemas"]["WebhookEvent"][];
            /** Failing Since */
            failing_since: string | null;
            /** Id */
            id: number;
            /** Num Pending */
            num_pending: number;
            /** Old Secret Until */
            old_secret_until: string | null;
            /** Url */
            url: string;
        };
        /**
         * WebhookPatch
         * @description `is_enabled: true` also clears what was noted when the hook was disabled.
         */
        WebhookPatch: {
            /** Events */
            events?: components["schemas"]["WebhookEvent"][] | null;
            /** Is Enabled */
            is_enabled?: boolean | null;
            /** Url */
            url?: string | null;
        };
    };
    responses: {
        /** @description Bad request */
        ProblemBadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Conflict */
        ProblemConflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Internal error */
        ProblemInternalError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Invalid input */
        ProblemInvalidInput: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Media type not supported */
        ProblemMediaTypeNotSupported: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Method not allowed */
        ProblemMethodNotAllowed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not allowed */
        ProblemNotAllowed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not found */
        ProblemNotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Sign in first */
        ProblemSignInFirst: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too large */
        ProblemTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many requests */
        ProblemTooManyRequests: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unavailable */
        ProblemUnavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    labeler_accounts_people_api_list_site_audit_log: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AuditOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_list_backbones: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackboneOut"][];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_jobs_api_describe_events: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventEnvelope"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            404: components["responses"]["ProblemNotFound"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_invitation_api_about_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationSecret"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationAbout"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            429: components["responses"]["ProblemTooManyRequests"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_invitation_api_accept_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationSecret"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_list_projects: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ProjectOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_create_project: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_get_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_archive_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_update_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_annotations_activity_api_list_activity: {
        parameters: {
            query?: {
                after?: number | null;
                annotator?: string | null;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ActivityItem_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_annotations_activity_api_list_annotators: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AnnotatorOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_api_get_array: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                array_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description numpy name of the element type; little endian */
                    "X-Array-Dtype"?: string;
                    /** @description sizes of the axes, separated by commas; C order */
                    "X-Array-Shape"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_get_aspects: {
        parameters: {
            query: {
                count: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description numpy name of the element type; little endian */
                    "X-Array-Dtype"?: string;
                    /** @description sizes of the axes, separated by commas; C order */
                    "X-Array-Shape"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_invitation_api_list_audit_log: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AuditOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_get_cells: {
        parameters: {
            query?: {
                count?: number;
                indexes?: string | null;
                start?: number;
            };
            header?: never;
            path: {
                cell_px: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description numpy name of the element type; little endian */
                    "X-Array-Dtype"?: string;
                    /** @description sizes of the axes, separated by commas; C order */
                    "X-Array-Shape"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_projections_api_get_changes: {
        parameters: {
            query?: {
                by?: "both" | "class" | "neighbourhood";
                from_version?: number | null;
                limit?: number;
                to_version?: number | null;
                view?: "whole" | "crop";
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangesOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_annotations_api_order_classes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClassOrderIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClassOut"][];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_annotations_api_list_classes: {
        parameters: {
            query?: {
                archived?: boolean;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClassOut"][];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_annotations_api_create_class: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClassIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClassOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_annotations_api_update_class: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                class_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClassPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClassOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_annotations_api_merge_class: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                class_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MergeIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergeOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_projections_api_get_clusters: {
        parameters: {
            query?: {
                view?: "whole" | "crop";
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClustersOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_get_crop_rates: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CropRatesOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_save_crop_rates: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CropRatesIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CropRatesOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_suggestions_api_get_rates_by_image: {
        parameters: {
            query?: {
                count?: number | null;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description numpy name of the element type; little endian */
                    "X-Array-Dtype"?: string;
                    /** @description sizes of the axes, separated by commas; C order */
                    "X-Array-Shape"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_suggestions_api_list_disagreements: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DisagreementList"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_exports_api_export: {
        parameters: {
            query?: {
                /** @description images whose label is of one of these people only */
                annotator?: string[];
                /** @description images labelled with one of these classes only */
                class_id?: number[];
                /** @description default: all */
                columns?: ("index" | "path" | "width" | "height" | "sha256" | "label" | "annotator" | "labelled_at" | "predicted_label" | "confidence" | "model_version" | "retention" | "box_x1" | "box_y1" | "box_x2" | "box_y2" | "label_sequence" | "num_annotators" | "agreement" | "provenance" | "annotations")[];
                /** @description version of the crop rates for weak boxes and crops; 0: none; default: those in force, unless a retention is given */
                crop_rates?: number | null;
                /** @description images without a label count as what the model says */
                fill_with_predictions?: boolean;
                format?: "csv" | "jsonl" | "parquet" | "imagefolder" | "huggingface" | "coco" | "voc" | "yolo_classify" | "yolo_detect" | "label_studio" | "label_studio_config" | "fiftyone";
                labelled?: "all" | "labelled" | "unlabelled" | "disagrees";
                /** @description predictions and boxes of this model; 0: none; default: latest */
                model_version?: number | null;
                /** @description images below this index only; default: all */
                num_images?: number | null;
                path_prefix?: string;
                pictures?: "whole" | "cropped" | "none";
                /** @description of weak boxes and crops */
                retention?: number | null;
                /** @description labels as they were after this action; default: now */
                sequence?: number | null;
                /** @description share of images in the validation split, by their content */
                validation_share?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description the label action whose labels these are */
                    "X-Label-Sequence"?: string;
                    /** @description the model whose predictions and boxes these are; 0: none */
                    "X-Model-Version"?: string;
                    /** @description images below this index were considered */
                    "X-Num-Images"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/jsonl; charset=utf-8": string;
                    "application/vnd.apache.parquet": string;
                    "application/xml": string;
                    "application/zip": string;
                    "text/csv; charset=utf-8": string;
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_exports_api_list_exports: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ExportOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_exports_api_create_export: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExportIn"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_exports_api_delete_export: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                export_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_exports_api_download_export: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                export_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/jsonl; charset=utf-8": string;
                    "application/vnd.apache.parquet": string;
                    "application/xml": string;
                    "application/zip": string;
                    "text/csv; charset=utf-8": string;
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_request_features: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_get_image_facts: {
        parameters: {
            query: {
                count: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description numpy name of the element type; little endian */
                    "X-Array-Dtype"?: string;
                    /** @description sizes of the axes, separated by commas; C order */
                    "X-Array-Shape"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_find_images: {
        parameters: {
            query: {
                text: string;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description numpy name of the element type; little endian */
                    "X-Array-Dtype"?: string;
                    /** @description sizes of the axes, separated by commas; C order */
                    "X-Array-Shape"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_list_images: {
        parameters: {
            query?: {
                after?: number;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ImageOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_get_image: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                index: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_annotations_api_list_history: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                index: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LabelActionOut"][];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_get_original: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                index: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/*": string;
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_api_get_prediction: {
        parameters: {
            query?: {
                retention?: number;
            };
            header?: never;
            path: {
                index: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImagePrediction"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_api_get_saliency: {
        parameters: {
            query?: {
                class_id?: number | null;
            };
            header?: never;
            path: {
                index: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description numpy name of the element type; little endian */
                    "X-Array-Dtype"?: string;
                    /** @description sizes of the axes, separated by commas; C order */
                    "X-Array-Shape"?: string;
                    /** @description class of this map */
                    "X-Class-Id"?: string;
                    /** @description classes that have a map, separated by commas, the predicted one first */
                    "X-Class-Ids"?: string;
                    /** @description number of the model */
                    "X-Model-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_get_thumbnail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                index: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/webp": string;
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_import_api_list_import_folders: {
        parameters: {
            query?: {
                path?: string;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FolderListOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_import_api_get_import_sources: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportSourcesOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_import_api_list_imports: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ImportOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_import_api_create_import: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_import_api_get_import: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                import_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_import_api_discard_import: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                import_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_import_api_get_chunks: {
        parameters: {
            query: {
                total: number;
            };
            header?: never;
            path: {
                import_id: number;
                project_id: number;
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChunkOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_import_api_add_chunk: {
        parameters: {
            query: {
                offset: number;
                path: string;
                total: number;
            };
            header?: never;
            path: {
                import_id: number;
                project_id: number;
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Data
                     * Format: binary
                     */
                    data: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChunkOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_import_api_list_entries: {
        parameters: {
            query?: {
                after?: number;
                limit?: number;
                outcome?: components["schemas"]["Outcome"] | null;
            };
            header?: never;
            path: {
                import_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_EntryOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_import_api_list_files: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                import_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_UploadedFileOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_import_api_add_files: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                import_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Files */
                    files: string[];
                    /** @description relative path of each file, in order */
                    paths?: string[];
                    /** @description UUID of each file, in order; may be left out */
                    upload_ids?: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_import_api_start_import: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                import_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_import_api_sync_import: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                import_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_invitation_api_list_invitations: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_InvitationOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_invitation_api_create_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationCreated"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_invitation_api_revoke_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                invitation_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_jobs_api_list_jobs: {
        parameters: {
            query?: {
                active?: boolean;
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_JobOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_jobs_api_get_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_jobs_api_cancel_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_annotations_api_list_label_actions: {
        parameters: {
            query?: {
                after?: number;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LabelActionPage"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_annotations_api_create_label_action: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LabelActionIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LabelActionOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_annotations_api_undo_action: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
                sequence: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UndoIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LabelActionOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_annotations_api_get_label_facts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description numpy name of the element type; little endian */
                    "X-Array-Dtype"?: string;
                    /** @description sizes of the axes, separated by commas; C order */
                    "X-Array-Shape"?: string;
                    /** @description sequence of the last label action in these facts */
                    "X-Label-Sequence"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_annotations_label_import_api_import_label_file: {
        parameters: {
            query?: {
                dry_run?: boolean;
                format?: "auto" | "csv" | "jsonl" | "coco" | "label_studio" | "fiftyone";
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * File
                     * Format: binary
                     */
                    file: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LabelImportOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_suggestions_api_label_the_rest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LabelTheRestIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LabelTheRestOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_annotations_api_get_labels: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description numpy name of the element type; little endian */
                    "X-Array-Dtype"?: string;
                    /** @description sizes of the axes, separated by commas; C order */
                    "X-Array-Shape"?: string;
                    /** @description sequence of the last label action in these labels */
                    "X-Label-Sequence"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_api_get_map: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MapOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_api_list_members: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_MemberOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_api_set_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
                username: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemberIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_api_remove_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_annotations_activity_api_get_meter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeterOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_api_list_models: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ModelOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_api_get_class_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                class_id: number;
                number: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClassViewOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_api_get_class_picture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                class_id: number;
                number: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_api_draw_class_picture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                class_id: number;
                number: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_api_get_class_probabilities: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                class_id: number;
                number: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description numpy name of the element type; little endian */
                    "X-Array-Dtype"?: string;
                    /** @description sizes of the axes, separated by commas; C order */
                    "X-Array-Shape"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_suggestions_api_find_neighbours: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NeighboursIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NeighboursOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_suggestions_api_list_to_label_next: {
        parameters: {
            query?: {
                num?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NextToLabel"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_suggestions_api_get_oddness: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OddnessIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description numpy name of the element type; little endian */
                    "X-Array-Dtype"?: string;
                    /** @description sizes of the axes, separated by commas; C order */
                    "X-Array-Shape"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_projections_api_list_projections: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ProjectionOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_annotations_api_redo_last: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UndoIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LabelActionOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_removals_api_list_removals: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_RemovalSummary_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_removals_api_remove_images: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemovalIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemovalOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_removals_api_list_removed_images: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
                removal_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_RemovedImageOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_removals_api_get_removed: {
        parameters: {
            query: {
                count: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description numpy name of the element type; little endian */
                    "X-Array-Dtype"?: string;
                    /** @description sizes of the axes, separated by commas; C order */
                    "X-Array-Shape"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_removals_api_restore_images: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RestoreIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RestoreOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_saved_view_api_list_saved_views: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedViewOut"][];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_saved_view_api_save_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SavedViewIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedViewOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_saved_view_api_forget_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
                view_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_suggestions_api_summarize_suggestions: {
        parameters: {
            query?: {
                precision?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuggestionSummary"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_suggestions_api_list_suggestions: {
        parameters: {
            query?: {
                after?: number;
                limit?: number;
            };
            header?: never;
            path: {
                class_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuggestionPage"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_suggestions_api_list_suspects: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuspectList"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_results_api_start_training: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_annotations_api_undo_last: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UndoIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LabelActionOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_datasets_api_list_unreadable_images: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_UnreadableImageOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_webhooks_api_list_webhooks: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_WebhookOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_webhooks_api_create_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookCreated"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_webhooks_api_delete_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hook_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_webhooks_api_update_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hook_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_webhooks_api_list_deliveries: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                hook_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_DeliveryOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_webhooks_api_send_again: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                delivery_id: number;
                hook_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_webhooks_api_end_old_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hook_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_webhooks_api_rotate_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hook_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookCreated"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_webhooks_api_send_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hook_id: number;
                project_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryOut"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_api_get_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionOut"];
                };
            };
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_api_begin_provider: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_api_get_totp_picture: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_api_list_tokens: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_TokenOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_api_create_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenCreated"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_api_revoke_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_people_api_list_users: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_PersonOut_"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_people_api_create_user: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_people_api_update_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonOut"];
                };
            };
            400: components["responses"]["ProblemBadRequest"];
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            413: components["responses"]["ProblemTooLarge"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_people_api_create_reset_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResetLink"];
                };
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
    labeler_accounts_people_api_remove_second_factors: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["ProblemSignInFirst"];
            403: components["responses"]["ProblemNotAllowed"];
            404: components["responses"]["ProblemNotFound"];
            409: components["responses"]["ProblemConflict"];
            422: components["responses"]["ProblemInvalidInput"];
            500: components["responses"]["ProblemInternalError"];
            503: components["responses"]["ProblemUnavailable"];
        };
    };
}
