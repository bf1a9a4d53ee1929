-- purpose: a page read back from the nearest replica, as of some seconds ago, where it is not watched
-- cost: as the page, without the way to the leaseholder
 AS OF SYSTEM TIME follower_read_timestamp()
