//! Linux as a platform.

#![no_std]
