//! Windows as a platform.

#![no_std]
