//! The ELF loader, generic over the platform.

#![no_std]
