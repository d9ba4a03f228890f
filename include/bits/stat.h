/* struct stat as the Linux kernel of the CPU fills it. */
struct stat {
	dev_t st_dev;
	ino_t st_ino;
#if defined(__aarch64__)
	mode_t st_mode;
	nlink_t st_nlink;
	uid_t st_uid;
	gid_t st_gid;
	dev_t st_rdev;
	unsigned long long __pad;
	off_t st_size;
	blksize_t st_blksize;
	int __pad2;
#else
	nlink_t st_nlink;
	mode_t st_mode;
	uid_t st_uid;
	gid_t st_gid;
	unsigned int __pad0;
	dev_t st_rdev;
	off_t st_size;
	blksize_t st_blksize;
#endif
	blkcnt_t st_blocks;
	struct timespec st_atim;
	struct timespec st_mtim;
	struct timespec st_ctim;
#if defined(__aarch64__)
	unsigned int __unused[2];
#else
	long __unused[3];
#endif
};
