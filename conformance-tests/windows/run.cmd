@echo off
rem Runs every test of this folder once and keeps what it says in the folder "results".
rem   run.cmd [DRIVE:]   a drive with FAT32 or exFAT, a USB stick for example, on which a folder may be made
rem A test that stands still for two minutes: Ctrl-C, answer N, and the next one begins. Its last line tells where it stood.
setlocal
cd /d "%~dp0"
set CONFORMANCE_HOST=windows-x86_64
set "XLOAD=%~dp0distx\distx.org_2024-xload-x86_64\bin\xload_windows.exe"
rem As the tests write paths.
set "HERE=%~dp0"
set "HERE=%HERE:\=/%"
set "RESULTS=%~dp0results"
if exist results rmdir /s /q results
mkdir results

ver > results\machine.txt
echo %PROCESSOR_IDENTIFIER%, %NUMBER_OF_PROCESSORS% processors >> results\machine.txt
rem Unquoted: programs take a backslash before a quote for part of the name.
fsutil fsinfo volumeinfo %~d0\ >> results\machine.txt 2>&1

call :run platform "%HERE%host_contract_windows.exe"
call :run table "%XLOAD%" "%HERE%host_contract" /tmp
for /d %%d in (c\*) do call :run c-%%~nd "%XLOAD%" "%HERE%c/%%~nd/test"
for /d %%d in (cpp\*) do call :run cpp-%%~nd "%XLOAD%" "%HERE%cpp/%%~nd/test"
call :ask here .

subst Q: "%~dp0work" > nul 2>&1 && (
    call :ask subst Q:\
    subst Q: /d
)
pushd "\\localhost\%CD:~0,1%$%CD:~2%\work" 2> nul && (
    call :ask network .
    popd
)
set "DRIVE=%~1"
if not "%~1" == "" (
    rem The questions make and remove files: in a folder of their own.
    mkdir "%~1\xload-questions"
    if exist "%~1\xload-questions" call :ask fat "%~1\xload-questions"
    rmdir /s /q "%~1\xload-questions"
    call :run platform-fat "%HERE%host_contract_windows.exe" /%DRIVE:~0,1%
)

rem Not among the files that are read: it would find what it writes.
findstr /s /r /c:"^== end [1-9]" /c:"[1-9][0-9]* failed" /c:"== exit code [^0]" results\*.txt > failures
move /y failures results\failures.txt > nul
echo Done. Please send the folder "%~dp0results".
exit /b 0

rem One test program in a folder of its own: NAME PROGRAM [ARGUMENTS]
:run
echo %1
mkdir work\%1 2> nul
pushd work\%1
%2 %3 %4 > "%RESULTS%\%1.txt" 2>&1 < nul
echo == exit code %ERRORLEVEL% >> "%RESULTS%\%1.txt"
popd
exit /b 0

rem The questions, on another kind of drive: NAME FOLDER
:ask
echo questions, %1
pushd "%~2"
"%XLOAD%" "%HERE%windows/test" > "%RESULTS%\questions-%1.txt" 2>&1 < nul
echo == exit code %ERRORLEVEL% >> "%RESULTS%\questions-%1.txt"
popd
exit /b 0
