/* Request codes: direction, size of the argument, group and number. */
#define _IOC_NONE  0U
#define _IOC_WRITE 1U
#define _IOC_READ  2U

#define _IOC(direction, group, number, size) (((direction) << 30) | ((group) << 8) | (number) | ((size) << 16))
#define _IO(group, number) _IOC(_IOC_NONE, (group), (number), 0)
#define _IOW(group, number, type) _IOC(_IOC_WRITE, (group), (number), sizeof(type))
#define _IOR(group, number, type) _IOC(_IOC_READ, (group), (number), sizeof(type))
#define _IOWR(group, number, type) _IOC(_IOC_READ | _IOC_WRITE, (group), (number), sizeof(type))

#define TCIFLUSH  0x0
#define TCOOFF    0x0
#define TCSANOW   0x0
#define TCOFLUSH  0x1
#define TCOON     0x1
#define TCSADRAIN 0x1
#define TCIOFF    0x2
#define TCIOFLUSH 0x2
#define TCSAFLUSH 0x2
#define TCION     0x3
#define TCGETS    0x5401
#define TCSETS    0x5402
#define TCSETSW   0x5403
#define TCSETSF   0x5404
#define TCGETA    0x5405
#define TCSETA    0x5406
#define TCSETAW   0x5407
#define TCSETAF   0x5408
#define TCSBRK    0x5409
#define TCXONC    0x540a
#define TCFLSH    0x540b
#define TCSBRKP   0x5425
#define TCGETX    0x5432
#define TCSETX    0x5433
#define TCSETXF   0x5434
#define TCSETXW   0x5435
#define TIOCEXCL        0x540c
#define TIOCNXCL        0x540d
#define TIOCSCTTY       0x540e
#define TIOCGPGRP       0x540f
#define TIOCSPGRP       0x5410
#define TIOCOUTQ        0x5411
#define TIOCSTI         0x5412
#define TIOCGWINSZ      0x5413
#define TIOCSWINSZ      0x5414
#define TIOCGSOFTCAR    0x5419
#define TIOCSSOFTCAR    0x541a
#define TIOCINQ         0x541b
#define TIOCLINUX       0x541c
#define TIOCCONS        0x541d
#define TIOCGSERIAL     0x541e
#define TIOCSSERIAL     0x541f
#define TIOCPKT         0x5420
#define TIOCNOTTY       0x5422
#define TIOCSETD        0x5423
#define TIOCGETD        0x5424
#define TIOCSBRK        0x5427
#define TIOCCBRK        0x5428
#define TIOCGSID        0x5429
#define TIOCGRS485      0x542e
#define TIOCSRS485      0x542f
#define TIOCVHANGUP     0x5437
#define TIOCGPTPEER     0x5441
#define TIOCSERCONFIG   0x5453
#define TIOCSERGWILD    0x5454
#define TIOCSERSWILD    0x5455
#define TIOCGLCKTRMIOS  0x5456
#define TIOCSLCKTRMIOS  0x5457
#define TIOCSERGSTRUCT  0x5458
#define TIOCSERGETLSR   0x5459
#define TIOCSERGETMULTI 0x545a
#define TIOCSERSETMULTI 0x545b
#define TIOCGICOUNT     0x545d
#define TIOCSPTLCK      0x40045431
#define TIOCSIG         0x40045436
#define TIOCGPTN        0x80045430
#define TIOCGDEV        0x80045432
#define TIOCGPKT        0x80045438
#define TIOCGPTLCK      0x80045439
#define TIOCGEXCL       0x80045440
#define TIOCGISO7816    0x80285442
#define TIOCSISO7816    0xc0285443
#define TIOCMGET        0x5415
#define TIOCMBIS        0x5416
#define TIOCMBIC        0x5417
#define TIOCMSET        0x5418
#define TIOCMIWAIT      0x545c

/* Modem lines */
#define TIOCM_LE   0x1
#define TIOCM_DTR  0x2
#define TIOCM_RTS  0x4
#define TIOCM_ST   0x8
#define TIOCM_SR   0x10
#define TIOCM_CTS  0x20
#define TIOCM_CAR  0x40
#define TIOCM_CD   0x40
#define TIOCM_RI   0x80
#define TIOCM_RNG  0x80
#define TIOCM_DSR  0x100
#define TIOCM_OUT1 0x2000
#define TIOCM_OUT2 0x4000
#define TIOCM_LOOP 0x8000

#define FIONREAD  0x541b
#define FIONBIO   0x5421
#define FIONCLEX  0x5450
#define FIOCLEX   0x5451
#define FIOASYNC  0x5452
#define FIOQSIZE  0x5460
#define FIOSETOWN 0x8901
#define FIOGETOWN 0x8903
#define SIOCSPGRP    0x8902
#define SIOCGPGRP    0x8904
#define SIOCATMARK   0x8905
#define SIOCGSTAMP   0x8906
#define SIOCGSTAMPNS 0x8907
