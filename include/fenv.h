#ifndef _FENV_H
#define _FENV_H

/* C23 7.6 */

#include <features.h>
#include <bits/fenv.h>

_XLIBC_BEGIN

int feclearexcept(int);
int fegetexceptflag(fexcept_t *, int);
int feraiseexcept(int);
int fesetexceptflag(const fexcept_t *, int);
int fetestexcept(int);

int fegetround(void);
int fesetround(int);

int fegetenv(fenv_t *);
int feholdexcept(fenv_t *);
int fesetenv(const fenv_t *);
int feupdateenv(const fenv_t *);

_XLIBC_END

#if _XLIBC_ISO >= 2023
#define __STDC_VERSION_FENV_H__ 202311L
#endif

#endif
