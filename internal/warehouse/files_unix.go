//go:build unix

package warehouse

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// ownFiles makes what this process creates from now on readable by its own user alone.
func ownFiles() { syscall.Umask(0o077) }

// feed offers source as a named pipe at path while read runs.
func feed(path string, source io.Reader, read func() error) error {
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		return err
	}
	written := make(chan error, 1)
	go func() {
		pipe, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err == nil {
			_, err = io.Copy(pipe, source)
			err = errors.Join(err, pipe.Close())
		}
		written <- err
	}()
	if err := read(); err != nil {
		// The writer may still wait for a reader that never comes. A reader that goes at once ends it.
		if unblock, e := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0); e == nil {
			_ = unblock.Close()
		}
		if source := <-written; source != nil && !errors.Is(source, syscall.EPIPE) {
			return source // why the page broke off says more than that it did
		}
		return err
	}
	return <-written
}
