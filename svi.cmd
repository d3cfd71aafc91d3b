@echo off
rem Starts SVI Studio from this folder. On first use it sets up .venv.
setlocal
set "here=%~dp0"
set "python=%here%.venv\Scripts\python.exe"
set "extra="
if /i "%~1"=="test" set "extra=--dev"
if /i "%~1"=="check" set "extra=--dev"
if /i "%~1"=="audit" set "extra=--audit"
if /i "%~1"=="torch" goto setup

if not exist "%python%" goto setup
fc /b "%here%packaging\requirements.txt" "%here%.venv\installed-requirements.txt" >nul 2>nul || goto setup
if not defined extra goto start
set "more=requirements%extra:--=-%.txt"
fc /b "%here%packaging\%more%" "%here%.venv\installed-%more%" >nul 2>nul || goto setup
goto start

:setup
set "finder="
for %%v in (3.13 3.12 3.11) do if not defined finder py -%%v -c "" >nul 2>nul && set "finder=py -%%v"
if not defined finder python -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))" >nul 2>nul && set "finder=python"
if not defined finder (
    echo SVI Studio needs Python 3.11, 3.12 or 3.13, and none was found. Install one and run the same command again. 1>&2
    exit /b 1
)
if /i "%~1"=="torch" goto torch
%finder% "%here%packaging\install.py" %extra% || exit /b 1

:start
if /i "%~1"=="test" goto test
if /i "%~1"=="check" goto check
if /i "%~1"=="audit" goto audit
set "SVI_COMMAND=%~0"
"%python%" -P -m svi_studio %*
exit /b %errorlevel%

:torch
set "build=%~2"
if not defined build set "build=auto"
%finder% "%here%packaging\install.py" --torch "%build%"
exit /b %errorlevel%

:test
pushd "%here%"
"%python%" -m pytest %2 %3 %4 %5 %6 %7 %8 %9
set "status=%errorlevel%"
popd
exit /b %status%

:audit
"%python%" "%here%packaging\advisories.py" %2 %3 %4 %5
exit /b %errorlevel%

:check
pushd "%here%"
set "PATH=%here%.venv\Scripts;%PATH%"
if /i "%~2"=="--long" (
    "%python%" -m tests.gates %3 %4 %5 %6 %7 %8 %9
) else (
    "%python%" -m tests.checks
)
set "status=%errorlevel%"
popd
exit /b %status%
