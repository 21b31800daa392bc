import { Command } from 'commander';
import { addFeedCommand, removeFeedCommand } from './feeds/choose.ts';
import { feedsGapsCommand } from './feeds/gaps.ts';
import { feedsStatusCommand } from './feeds/status.ts';
import { exportFeedsCommand, feedsKeyCommand, importFeedsCommand } from './feeds/transfer.ts';
import { updateFeedsCommand } from './feeds/update.ts';

export const feedsCommand = (): Command =>
  new Command('feeds')
    .description('Manage the advisory feeds: sources, updates and age')
    .addCommand(updateFeedsCommand())
    .addCommand(feedsStatusCommand())
    .addCommand(feedsGapsCommand())
    .addCommand(addFeedCommand())
    .addCommand(removeFeedCommand())
    .addCommand(exportFeedsCommand())
    .addCommand(importFeedsCommand())
    .addCommand(feedsKeyCommand());
