/// Number of the binary interface. It is raised when a program that was compiled with an earlier header could no
/// longer run; it is not the number of the version. A program should compare it with probity_abi_version() once.
pub const PROBITY_ABI_VERSION: i32 = 1;
